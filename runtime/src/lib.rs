//! What the processes of an installation share while they run, above the event log: who answers which run
//! ([`leases`], [`reply_slots`]), what an answer says so far ([`live`], [`partial_answers`]), who is typing ([`typing`]),
//! and which process leads ([`leader`], [`relay`]). None of it is in the log.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "tests create ids and start tasks where they need them"
    )
)]

pub mod leader;
pub mod leases;
pub mod live;
pub mod partial_answers;
pub mod relay;
pub mod reply_slots;
pub mod typing;

pub use leases::{Lease, Leases};
pub use live::Live;
pub use reply_slots::ReplySlots;
