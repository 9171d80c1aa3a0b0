//! Loads aggregates through postgres-es, stages their events, and implements cqrs-es' store.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;

use cqrs_es::persist::{PersistedEventRepository, PersistenceError};
use cqrs_es::{AggregateError, DomainEvent, EventEnvelope, EventStore};
use domain::StoredAggregate;
use domain::codec::{self, CodecError};
use postgres_es::PostgresEventRepository;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::cache::Cache;
use super::context::Context;
use super::loaded::{LoadedAggregate, StagedEvent};
use super::sealer::{EventSealer, SealError};
use super::snapshot;
use crate::Clock;
use crate::append::{AppendError, Placement, SideRow, SideWrite, Writer};
use crate::log::Log;
use crate::seal::keys::{Keys, NewKey};
use crate::transient::Transient;

/// Maximum size of the cache of recently used aggregates.
const CACHE_BYTES: usize = 32 * 1024 * 1024;

/// Why an aggregate could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("cannot read the events of an aggregate: {0}")]
    Repository(#[from] PersistenceError),
    #[error("cannot read the events of an aggregate: {0}")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Codec(#[from] CodecError),
}

impl LoadError {
    /// The database error, if it was one; otherwise stored events cannot be decoded.
    pub fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Repository(
                PersistenceError::ConnectionError(cause) | PersistenceError::UnknownError(cause),
            ) => cause.downcast_ref(),
            Self::Repository(
                PersistenceError::OptimisticLockError | PersistenceError::DeserializationError(_),
            )
            | Self::Codec(_) => None,
        }
    }
}

impl Transient for LoadError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Database(error) => error.is_transient(),
            Self::Repository(PersistenceError::ConnectionError(_)) => true,
            Self::Repository(error) => database_cause(error).is_some_and(Transient::is_transient),
            Self::Codec(_) => false,
        }
    }
}

/// The database error that cqrs-es has boxed.
fn database_cause(error: &PersistenceError) -> Option<&sqlx::Error> {
    let (PersistenceError::UnknownError(boxed) | PersistenceError::ConnectionError(boxed)) = error
    else {
        return None;
    };
    let mut cause: Option<&(dyn StdError + 'static)> = Some(boxed.as_ref());
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<sqlx::Error>() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

/// The event store: one append path for every aggregate.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
    writer: Writer,
    sealer: EventSealer,
    cache: Cache,
    clock: Clock,
}

impl Store {
    pub fn new(pool: PgPool, log: Log, keys: Keys, writer: Writer, clock: Clock) -> Self {
        Self {
            pool,
            writer,
            sealer: EventSealer::new(log, keys),
            cache: Cache::new(CACHE_BYTES),
            clock,
        }
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The current epoch of the log.
    pub(crate) fn epoch(&self) -> u64 {
        self.writer.epoch()
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.cache
    }

    pub(crate) fn sealer(&self) -> &EventSealer {
        &self.sealer
    }

    /// Folds an aggregate's events, starting from its last snapshot. Personal fields stay sealed.
    pub async fn load<A: StoredAggregate>(
        &self,
        id: Uuid,
    ) -> Result<LoadedAggregate<A>, LoadError> {
        let snapshot = snapshot::find(&self.pool, id).await?;
        let mut loaded = snapshot.unwrap_or_else(|| LoadedAggregate::<A>::empty(id));
        for (sequence, event) in self
            .load_events_after::<A>(&id.to_string(), loaded.version)
            .await?
        {
            loaded.version = sequence;
            loaded.aggregate.apply(event);
        }
        if loaded.is_due() {
            snapshot::save(&self.pool, &mut loaded).await;
        }
        Ok(loaded)
    }

    /// Takes an instance from the cache. If a snapshot is due, one is created in the background, from the log.
    pub(crate) fn take_cached<A: StoredAggregate + 'static>(
        &self,
        epoch: u64,
        id: Uuid,
    ) -> Option<LoadedAggregate<A>> {
        let mut loaded = self.cache.take::<A>(epoch, id)?;
        if loaded.is_due() {
            loaded.snapshot = loaded.version;
            let store = self.clone();
            #[expect(
                clippy::disallowed_methods,
                reason = "one attempt that nobody waits for"
            )]
            tokio::spawn(async move {
                if let Err(error) = store.load::<A>(id).await {
                    tracing::warn!(aggregate = A::TYPE, %error, "failed to create a snapshot; loading stays slow");
                }
            });
        }
        Some(loaded)
    }

    /// The events of an aggregate after a version, in order.
    async fn load_events_after<A: StoredAggregate>(
        &self,
        id: &str,
        after: i64,
    ) -> Result<Vec<(i64, A::Event)>, LoadError> {
        if after > 0 {
            return self.load_events_since_snapshot::<A>(id, after).await;
        }
        let repository = PostgresEventRepository::new(self.pool.clone());
        let rows = repository.get_events::<A>(id).await?;
        rows.into_iter()
            .map(|row| {
                let sequence = i64::try_from(row.sequence).unwrap_or(i64::MAX);
                let event = codec::decode::<A>(&row.event_type, &row.event_version, row.payload)?;
                Ok((sequence, event))
            })
            .collect()
    }

    /// Loads the events after a snapshot. postgres-es would prepare a separate statement for every version.
    async fn load_events_since_snapshot<A: StoredAggregate>(
        &self,
        id: &str,
        after: i64,
    ) -> Result<Vec<(i64, A::Event)>, LoadError> {
        let rows = sqlx::query!(
            r#"select sequence, event_type, event_version, payload as "payload: Value" from events
               where aggregate_type = $1 and aggregate_id = $2 and sequence > $3 order by sequence"#,
            A::TYPE,
            id,
            after
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let event = codec::decode::<A>(&row.event_type, &row.event_version, row.payload)?;
                Ok((row.sequence, event))
            })
            .collect()
    }

    /// Seals staged events and appends them as one command; `epoch` is the one they were decided in.
    pub(crate) async fn append(
        &self,
        epoch: u64,
        (context, command_id): (&Context, Uuid),
        staged: Vec<StagedEvent>,
        rows: Vec<SideRow>,
        writes: Vec<Arc<dyn SideWrite>>,
    ) -> Result<Vec<Placement>, StoreError> {
        let keys: Vec<NewKey> = rows.iter().filter_map(SideRow::key).cloned().collect();
        let events = self.sealer.seal(context, command_id, staged, &keys).await?;
        let placed = self.writer.append(epoch, events, rows, writes).await?;
        for key in &keys {
            self.sealer.keys().cache_new(key);
        }
        Ok(placed)
    }
}

/// Why staged events were not appended.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Append(#[from] AppendError),
}

/// cqrs-es' interface: single-aggregate commands by the system.
impl<A: StoredAggregate> EventStore<A> for Store {
    type AC = LoadedAggregate<A>;

    async fn load_events(
        &self,
        aggregate_id: &str,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let events = self
            .load_events_after::<A>(aggregate_id, 0)
            .await
            .map_err(unexpected)?;
        Ok(events
            .into_iter()
            .map(|(sequence, payload)| envelope(aggregate_id, sequence, payload))
            .collect())
    }

    async fn load_aggregate(
        &self,
        aggregate_id: &str,
    ) -> Result<LoadedAggregate<A>, AggregateError<A::Error>> {
        let id = Uuid::parse_str(aggregate_id).map_err(unexpected)?;
        self.load(id).await.map_err(unexpected)
    }

    async fn commit(
        &self,
        events: Vec<A::Event>,
        context: LoadedAggregate<A>,
        _metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let staged = context.stage(&events, &self.clock).map_err(unexpected)?;
        let keys = self.sealer.create_keys::<A>(&context).map_err(unexpected)?;
        let rows = keys.into_iter().map(SideRow::Key).collect();
        let system = Context::system("store");
        match self
            .append(
                self.epoch(),
                (&system, self.clock.new_id()),
                staged,
                rows,
                vec![],
            )
            .await
        {
            Ok(_) => {}
            Err(StoreError::Append(AppendError::Conflict)) => {
                return Err(AggregateError::AggregateConflict);
            }
            Err(error) => return Err(unexpected(error)),
        }
        let id = context.id.to_string();
        let numbered = (context.version + 1..).zip(events);
        Ok(numbered
            .map(|(sequence, payload)| envelope(&id, sequence, payload))
            .collect())
    }
}

fn envelope<A: StoredAggregate>(id: &str, sequence: i64, payload: A::Event) -> EventEnvelope<A>
where
    A::Event: DomainEvent,
{
    EventEnvelope {
        aggregate_id: id.to_owned(),
        sequence: usize::try_from(sequence).unwrap_or(usize::MAX),
        payload,
        metadata: HashMap::new(),
    }
}

fn unexpected<E, T>(error: E) -> AggregateError<T>
where
    E: std::error::Error + Send + Sync + 'static,
    T: std::error::Error,
{
    AggregateError::UnexpectedError(Box::new(error))
}
