//! Converts staged events to their final form: sealed, as text, with a digest.

use std::collections::BTreeSet;

use domain::{StoredAggregate, Subject};
use serde_json::Value;
use uuid::Uuid;

use super::context::Context;
use super::loaded::{LoadedAggregate, StagedEvent};
use crate::append::NewEvent;
use crate::log::Log;
use crate::seal::keys::{KeyError, Keys, NewKey};
use crate::seal::vault::{self, KeyRing, SealContext, VaultError};

/// Why events could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("refused to store an event with an unsealed personal field; this is a bug")]
    Unsealed,
}

impl From<VaultError> for SealError {
    fn from(error: VaultError) -> Self {
        Self::Key(KeyError::Vault(error))
    }
}

/// Seals the events of one log.
#[derive(Debug, Clone)]
pub struct EventSealer {
    log: Log,
    keys: Keys,
}

impl EventSealer {
    pub fn new(log: Log, keys: Keys) -> Self {
        Self { log, keys }
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Creates the key of a new aggregate.
    pub fn create_keys<A: StoredAggregate>(
        &self,
        loaded: &LoadedAggregate<A>,
    ) -> Result<Vec<NewKey>, VaultError> {
        if loaded.version > 0 || !A::OWNS_KEY {
            return Ok(vec![]);
        }
        Ok(vec![self.keys.create(Subject::new(A::TYPE, loaded.id))?])
    }

    /// Seals and serialises the events of one command and computes their digests.
    pub async fn seal(
        &self,
        context: &Context,
        command_id: Uuid,
        staged: Vec<StagedEvent>,
        new_keys: &[NewKey],
    ) -> Result<Vec<NewEvent>, SealError> {
        let metadata = context.metadata();
        let mut subjects = BTreeSet::new();
        vault::collect_subjects(&metadata, &mut subjects);
        for event in &staged {
            vault::collect_subjects(&event.payload, &mut subjects);
        }
        let mut created = KeyRing::new();
        for key in new_keys {
            subjects.remove(&key.subject);
            created.insert(key.subject.clone(), key.state());
        }
        let mut ring = self.keys.load(&subjects).await?;
        ring.extend(created);
        staged
            .into_iter()
            .map(|event| self.seal_event(event, command_id, metadata.clone(), &ring))
            .collect()
    }

    fn seal_event(
        &self,
        event: StagedEvent,
        command_id: Uuid,
        mut metadata: Value,
        ring: &KeyRing,
    ) -> Result<NewEvent, SealError> {
        let mut payload = event.payload;
        let seal_context = SealContext {
            log_id: self.log.id,
            aggregate_type: event.aggregate_type,
            aggregate_id: &event.aggregate_id,
            sequence: event.sequence,
            event_type: &event.event_type,
        };
        vault::seal(
            &mut payload,
            "/payload",
            seal_context,
            ring,
            &mut vault::random_nonce,
        )?;
        vault::seal(
            &mut metadata,
            "/metadata",
            seal_context,
            ring,
            &mut vault::random_nonce,
        )?;
        if vault::has_plaintext(&payload) || vault::has_plaintext(&metadata) {
            return Err(SealError::Unsealed);
        }
        let (payload, metadata) = (payload.to_string(), metadata.to_string());
        let sealed = NewEvent {
            event_id: event.event_id,
            command_id,
            aggregate_type: event.aggregate_type,
            aggregate_id: event.aggregate_id,
            sequence: event.sequence,
            scope: event.scope,
            event_type: event.event_type,
            event_version: event.event_version,
            metadata,
            payload,
            digest: [0; 32],
        };
        Ok(sealed.with_digest(&self.log))
    }
}
