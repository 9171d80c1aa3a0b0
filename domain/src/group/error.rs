//! Refusals of a group.

use crate::refusal::refusals;
use crate::text::TextFault;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    #[error("there is no such group")]
    NotFound,
    #[error("this group exists already")]
    AlreadyCreated,
    #[error(
        "a group is kept by administrators, and by managers who made it or are in it; ask one of them"
    )]
    NotAKeeper,
    #[error(
        "managers add and remove people below the role manager, and themselves; an administrator can do this"
    )]
    MemberOutranks,
    #[error("this user is no member of the group")]
    NotAMember,
    #[error("a group holds at most {0} members; make a second one")]
    Full(usize),
    #[error("name {0}")]
    Name(TextFault),
    #[error("description {0}")]
    Description(TextFault),
}

refusals!(GroupError {
    NotFound => "not_found", NotFound;
    AlreadyCreated => "already_created", Conflict;
    NotAKeeper => "not_a_keeper", Forbidden;
    MemberOutranks => "member_outranks", Forbidden;
    NotAMember => "not_found", NotFound;
    Full => "group_full", Conflict;
    Name => "invalid_name", Invalid, "/name";
    Description => "invalid_description", Invalid, "/description";
});
