//! What goes over the bus and stands in no log is sealed under a key of the installation: nobody else reads it, and what
//! others send does not open. Bound to its subject, and thereby to its conversation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::chain::framed;
use crate::vault::{DataKey, random};

const BUS: &[u8] = b"convosphere.bus.1";

/// Seals and opens the messages of one installation.
#[derive(Clone)]
pub(super) struct Seal {
    key: DataKey,
    /// Messages that did not open.
    strange: Arc<AtomicU64>,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal").finish_non_exhaustive()
    }
}

impl Seal {
    pub fn new(key: DataKey) -> Self {
        Self {
            key,
            strange: Arc::default(),
        }
    }

    /// The bytes of a message for a subject: a nonce, and what opens with it.
    pub fn seal(&self, subject: &str, message: &impl Serialize) -> Option<Vec<u8>> {
        let plain = serde_json::to_vec(message).ok()?;
        let nonce: [u8; 24] = random().ok()?;
        let payload = Payload {
            msg: &plain,
            aad: &framed(&[BUS, subject.as_bytes()]),
        };
        let sealed = XChaCha20Poly1305::new(&self.key.into()).encrypt(&nonce.into(), payload);
        Some([nonce.as_slice(), &sealed.ok()?].concat())
    }

    /// The message, where one of this installation sealed it for this subject.
    pub fn open<T: DeserializeOwned>(&self, subject: &str, bytes: &[u8]) -> Option<T> {
        let message = self.unseal(subject, bytes);
        if message.is_none() {
            let strange = self.strange.fetch_add(1, Ordering::Relaxed) + 1;
            tracing::debug!(
                subject,
                strange,
                "a message on the bus is not of this installation"
            );
        }
        message
    }

    fn unseal<T: DeserializeOwned>(&self, subject: &str, bytes: &[u8]) -> Option<T> {
        let (nonce, sealed) = bytes.split_at_checked(24)?;
        let payload = Payload {
            msg: sealed,
            aad: &framed(&[BUS, subject.as_bytes()]),
        };
        let plain = XChaCha20Poly1305::new(&self.key.into()).decrypt(nonce.into(), payload);
        serde_json::from_slice(&plain.ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_opens_for_its_subject_under_its_key_and_unchanged_alone() {
        let seal = Seal::new([7; 32]);
        let sealed = seal
            .seal("convosphere.deltas.a", &"said")
            .unwrap_or_default();
        let open = |seal: &Seal, subject: &str, bytes: &[u8]| seal.open::<String>(subject, bytes);
        assert_eq!(
            open(&seal, "convosphere.deltas.a", &sealed).as_deref(),
            Some("said")
        );
        assert_eq!(open(&seal, "convosphere.deltas.b", &sealed), None);
        assert_eq!(
            open(&Seal::new([8; 32]), "convosphere.deltas.a", &sealed),
            None
        );
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(&seal, "convosphere.deltas.a", &changed), None);
            assert_eq!(open(&seal, "convosphere.deltas.a", &sealed[..at]), None);
        }
        assert_eq!(open(&seal, "convosphere.deltas.a", b"\"said\""), None);
    }
}
