//! Sealing: personal fields are encrypted under the data key of their subject, which the master key wraps. Destroying a
//! data key erases what it sealed.

pub mod erasure;
pub(crate) mod key_wrapper;
pub mod keys;
pub mod vault;
