//! Why a group command is refused.

use crate::refusal::refusals;
use crate::text::TextError;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    #[error("there is no such group")]
    NotFound,
    #[error("this group already exists")]
    AlreadyCreated,
    #[error(
        "a group is managed by administrators, and by managers who created it or are members; ask one of them"
    )]
    NotGroupManager,
    #[error(
        "managers can add and remove only themselves and users below the role manager; ask an administrator"
    )]
    MemberOutranks,
    #[error("this user is not a member of the group")]
    NotAMember,
    #[error("a group can have at most {0} members; create another group")]
    Full(usize),
    #[error("name {0}")]
    Name(TextError),
    #[error("description {0}")]
    Description(TextError),
}

refusals!(GroupError {
    NotFound => "not_found", NotFound;
    AlreadyCreated => "already_created", Conflict;
    NotGroupManager => "not_a_keeper", Forbidden;
    MemberOutranks => "member_outranks", Forbidden;
    NotAMember => "not_found", NotFound;
    Full => "group_full", Conflict;
    Name => "invalid_name", Invalid, "/name";
    Description => "invalid_description", Invalid, "/description";
});
