//! Loads aggregates through postgres-es, stages their events, and implements cqrs-es' store.

use std::collections::HashMap;

use cqrs_es::persist::{PersistedEventRepository, PersistenceError};
use cqrs_es::{AggregateContext, AggregateError, DomainEvent, EventEnvelope, EventStore};
use domain::StoredAggregate;
use domain::codec::{self, CodecError};
use postgres_es::PostgresEventRepository;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use crate::append::{AppendError, ExtraWrite, Placement, SideRows, Writer};
use crate::cache::Cache;
use crate::executor::{Context, EventSealer, SealError};
use crate::keys::Keys;
use crate::log::Log;
use crate::snapshot;

/// Maximum size of the cache of recently used aggregates.
const CACHE_BYTES: usize = 32 * 1024 * 1024;

/// An aggregate and the version at which it was loaded.
#[derive(Debug)]
pub struct LoadedAggregate<A> {
    pub id: Uuid,
    pub aggregate: A,
    /// The sequence of its last event; 0 if there is none.
    pub version: i64,
    /// The version of its last snapshot, as far as this process knows; 0 if there is none.
    pub snapshot: i64,
}

impl<A: StoredAggregate> LoadedAggregate<A> {
    /// An aggregate without events.
    pub fn empty(id: Uuid) -> Self {
        Self {
            id,
            aggregate: A::default(),
            version: 0,
            snapshot: 0,
        }
    }

    /// Whether a new snapshot is due.
    fn is_due(&self) -> bool {
        A::SNAPSHOT_VERSION.is_some() && self.version - self.snapshot >= snapshot::INTERVAL
    }
}

impl<A: StoredAggregate> AggregateContext<A> for LoadedAggregate<A> {
    fn aggregate(&mut self) -> &mut A {
        &mut self.aggregate
    }
}

/// An event with its place in its aggregate, not yet sealed.
#[derive(Debug, Clone)]
pub struct StagedEvent {
    pub event_id: Uuid,
    pub aggregate_type: &'static str,
    pub aggregate_id: String,
    pub sequence: i64,
    pub scope: String,
    pub event_type: String,
    pub event_version: String,
    pub payload: Value,
}

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

/// The event store: one append path for every aggregate.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
    writer: Writer,
    sealer: EventSealer,
    cache: Cache,
}

impl Store {
    pub fn new(pool: PgPool, log: Log, keys: Keys, writer: Writer) -> Self {
        Self {
            pool,
            writer,
            sealer: EventSealer::new(log, keys),
            cache: Cache::new(CACHE_BYTES),
        }
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
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

    /// Numbers events after the version at which their aggregate was loaded.
    pub fn stage<A: StoredAggregate>(
        loaded: &LoadedAggregate<A>,
        events: &[A::Event],
    ) -> Result<Vec<StagedEvent>, CodecError> {
        let id = loaded.id.to_string();
        let scope = loaded.aggregate.scope(&id);
        let numbered = (loaded.version + 1..).zip(events);
        numbered
            .map(|(sequence, event)| {
                let (event_type, event_version, payload) = codec::encode(event)?;
                Ok(StagedEvent {
                    event_id: Uuid::now_v7(),
                    aggregate_type: A::TYPE,
                    aggregate_id: id.clone(),
                    sequence,
                    scope: scope.clone(),
                    event_type,
                    event_version,
                    payload,
                })
            })
            .collect()
    }

    /// Seals staged events and appends them as one command; `epoch` is the one they were decided in.
    pub(crate) async fn append(
        &self,
        epoch: u64,
        (context, command_id): (&Context, Uuid),
        staged: Vec<StagedEvent>,
        rows: SideRows,
        extras: Vec<ExtraWrite>,
    ) -> Result<Vec<Placement>, StoreError> {
        let keys = rows.keys.clone();
        let events = self.sealer.seal(context, command_id, staged, &keys).await?;
        let placed = self.writer.append(epoch, events, rows, extras).await?;
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
        let staged = Self::stage(&context, &events).map_err(unexpected)?;
        let rows = SideRows {
            keys: self.sealer.create_keys::<A>(&context).map_err(unexpected)?,
            ..SideRows::default()
        };
        let system = Context::system("store");
        match self
            .append(
                self.epoch(),
                (&system, Uuid::now_v7()),
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
