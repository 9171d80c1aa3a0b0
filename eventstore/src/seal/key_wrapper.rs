//! Wraps data keys under the master key, for `subject_keys` and the key rings of backups.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use uuid::Uuid;

use crate::log::chain::frame;
use crate::seal::vault::{DataKey, VaultError, derive, random_bytes};

const LABEL: &[u8] = b"convosphere.wrap.1";

/// Wraps the data keys of one log.
#[derive(Clone)]
pub(crate) struct KeyWrapper {
    log_id: Uuid,
    key: DataKey,
}

impl std::fmt::Debug for KeyWrapper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wrapping({})", self.log_id)
    }
}

impl KeyWrapper {
    pub(crate) fn new(log_id: Uuid, master: &DataKey) -> Self {
        Self {
            log_id,
            key: derive(log_id, master, &frame(&[LABEL])),
        }
    }

    pub(crate) fn wrap(&self, subject: &str, key: &DataKey) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; 24] = random_bytes()?;
        let payload = Payload {
            msg: key,
            aad: &self.additional_data(subject),
        };
        let sealed = XChaCha20Poly1305::new(&self.key.into()).encrypt(&nonce.into(), payload);
        let sealed = sealed.map_err(|_| VaultError::Broken(subject.to_owned()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// `None` if it was wrapped under another master key.
    pub(crate) fn unwrap(&self, subject: &str, wrapped: &[u8]) -> Option<DataKey> {
        let (nonce, sealed) = wrapped.split_at_checked(24)?;
        let payload = Payload {
            msg: sealed,
            aad: &self.additional_data(subject),
        };
        let key = XChaCha20Poly1305::new(&self.key.into()).decrypt(nonce.into(), payload);
        key.ok()?.try_into().ok()
    }

    fn additional_data(&self, subject: &str) -> Vec<u8> {
        let id = self.log_id.hyphenated().to_string();
        frame(&[LABEL, id.as_bytes(), subject.as_bytes()])
    }
}
