//! Seals bus messages that are not events under a key of the installation, so that others can neither read nor forge
//! them. Each is bound to its subject, and thereby to its conversation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::log::chain::frame;
use crate::seal::vault::{DataKey, random_bytes};

const LABEL: &[u8] = b"convosphere.bus.1";

/// Seals and opens the messages of one installation.
#[derive(Clone)]
pub(super) struct MessageSealer {
    key: DataKey,
    /// Number of messages that could not be opened.
    unreadable: Arc<AtomicU64>,
}

impl std::fmt::Debug for MessageSealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal").finish_non_exhaustive()
    }
}

impl MessageSealer {
    pub(super) fn new(key: DataKey) -> Self {
        Self {
            key,
            unreadable: Arc::default(),
        }
    }

    /// Seals a message for a subject: nonce, then ciphertext.
    pub(super) fn seal(&self, subject: &str, message: &impl Serialize) -> Option<Vec<u8>> {
        let plain = serde_json::to_vec(message).ok()?;
        let nonce: [u8; 24] = random_bytes().ok()?;
        let payload = Payload {
            msg: &plain,
            aad: &frame(&[LABEL, subject.as_bytes()]),
        };
        let sealed = XChaCha20Poly1305::new(&self.key.into()).encrypt(&nonce.into(), payload);
        Some([nonce.as_slice(), &sealed.ok()?].concat())
    }

    /// Opens a message sealed for this subject by this installation.
    pub(super) fn open<T: DeserializeOwned>(&self, subject: &str, bytes: &[u8]) -> Option<T> {
        let message = self.decrypt(subject, bytes);
        if message.is_none() {
            let unreadable = self.unreadable.fetch_add(1, Ordering::Relaxed) + 1;
            tracing::debug!(
                subject,
                unreadable,
                "ignored a bus message that this installation did not seal"
            );
        }
        message
    }

    fn decrypt<T: DeserializeOwned>(&self, subject: &str, bytes: &[u8]) -> Option<T> {
        let (nonce, sealed) = bytes.split_at_checked(24)?;
        let payload = Payload {
            msg: sealed,
            aad: &frame(&[LABEL, subject.as_bytes()]),
        };
        let plain = XChaCha20Poly1305::new(&self.key.into()).decrypt(nonce.into(), payload);
        serde_json::from_slice(&plain.ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_opens_only_unchanged_under_its_key_and_subject() {
        let seal = MessageSealer::new([7; 32]);
        let sealed = seal
            .seal("convosphere.deltas.a", &"said")
            .unwrap_or_default();
        let open =
            |seal: &MessageSealer, subject: &str, bytes: &[u8]| seal.open::<String>(subject, bytes);
        assert_eq!(
            open(&seal, "convosphere.deltas.a", &sealed).as_deref(),
            Some("said")
        );
        assert_eq!(open(&seal, "convosphere.deltas.b", &sealed), None);
        assert_eq!(
            open(
                &MessageSealer::new([8; 32]),
                "convosphere.deltas.a",
                &sealed
            ),
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
