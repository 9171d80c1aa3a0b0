//! Checks whether the readers of streams still have access, for all streams of the process together.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use domain::user::Role;
use projections::conversation::queries as conversations;
use projections::user::sessions::{self, SessionState};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::http::Caller;
use crate::state::App;

/// How often rights are checked.
const PERIOD: Duration = Duration::from_secs(2);
/// Sessions or conversations per query.
const BATCH: usize = 1_000;

/// The owner of a conversation, as far as this process knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// Not checked yet.
    Unknown,
    Is(Uuid),
    /// The conversation was erased.
    Nobody,
}

/// The state of a session, as far as this process knows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    Unknown,
    Usable {
        /// None while the view does not show the user.
        role: Option<Role>,
    },
    Ended,
}

impl Standing {
    fn from_state(state: &SessionState) -> Self {
        if !state.usable {
            return Self::Ended;
        }
        Self::Usable {
            role: state.role.map(|role| role.0),
        }
    }

    /// Whether the session has ended, or its user has another role now.
    fn excludes(&self, role: Role) -> bool {
        match self {
            Self::Unknown => false,
            Self::Usable { role: now } => now.is_some_and(|now| now != role),
            Self::Ended => true,
        }
    }
}

type Watched<T> = Mutex<HashMap<Uuid, watch::Sender<T>>>;

/// The sessions and conversations that streams of this process depend on. One query serves all of them, so the cost
/// hardly depends on the number of streams.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    sessions: Watched<Standing>,
    conversations: Watched<Owner>,
    wake: Notify,
}

/// What one stream depends on.
#[derive(Debug)]
pub(crate) struct Right {
    reader: Uuid,
    role: Role,
    session: Option<watch::Receiver<Standing>>,
    conversation: Option<watch::Receiver<Owner>>,
}

impl Right {
    /// Waits until the reader is known to have lost access, and returns the code of the reason. While the database is
    /// unavailable, nothing changes.
    pub(crate) async fn wait_until_lost(&mut self) -> &'static str {
        let (reader, role) = (self.reader, self.role);
        let excluded = wait_for(&mut self.session, |now| now.excludes(role));
        let lost = wait_for(&mut self.conversation, |now| match now {
            Owner::Unknown => false,
            Owner::Is(owner) => *owner != reader,
            Owner::Nobody => true,
        });
        tokio::select! {
            () = excluded => "unauthorized",
            () = lost => "not_found",
        }
    }
}

/// Waits until a value means loss of access; forever if there is no value.
async fn wait_for<T>(value: &mut Option<watch::Receiver<T>>, is_lost: impl FnMut(&T) -> bool) {
    if let Some(value) = value
        && value.wait_for(is_lost).await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}

impl Rights {
    /// Watches the session of a caller, and the conversation, if one is given.
    pub(crate) fn watch(&self, caller: &Caller, conversation: Option<Uuid>) -> Right {
        let session = caller.session;
        Right {
            reader: caller.id,
            role: caller.role,
            session: session.map(|id| receiver(&self.sessions, id, Standing::Unknown)),
            conversation: conversation.map(|id| receiver(&self.conversations, id, Owner::Unknown)),
        }
    }

    /// Checks all rights now, because this process has changed some.
    pub(crate) fn check_now(&self) {
        self.wake.notify_one();
    }

    /// Checks all rights periodically, as long as the app exists.
    pub(crate) async fn keep_checking(self: Arc<Self>, app: Weak<App>) {
        loop {
            match app.upgrade() {
                Some(app) => self.check(&app).await,
                None => return,
            }
            // A timeout and a notification are both a reason to check.
            let _ = tokio::time::timeout(PERIOD, self.wake.notified()).await;
        }
    }

    async fn check(&self, app: &App) {
        for ids in batches(&self.sessions) {
            // An outage of the database must not end streams.
            let Ok(found) = sessions::states(&app.pool, &ids).await else {
                return;
            };
            let stale = found
                .iter()
                .filter(|(_, state)| state.stale && state.usable);
            let stale: Vec<Uuid> = stale.map(|(id, _)| *id).collect();
            if !stale.is_empty() {
                // If this fails, the next check repeats it.
                let _ = sessions::touch_all(&app.pool, &stale).await;
            }
            let found: HashMap<Uuid, SessionState> = found.into_iter().collect();
            for id in ids {
                let standing = found.get(&id).map_or(Standing::Ended, Standing::from_state);
                publish(&self.sessions, id, standing);
            }
        }
        for ids in batches(&self.conversations) {
            let Ok(found) = conversations::owners(&app.pool, &ids).await else {
                return;
            };
            for (id, owner) in found {
                publish(
                    &self.conversations,
                    id,
                    owner.map_or(Owner::Nobody, Owner::Is),
                );
            }
        }
    }
}

fn lock<T>(watched: &Watched<T>) -> MutexGuard<'_, HashMap<Uuid, watch::Sender<T>>> {
    watched.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Subscribes to the state of an object, which all streams that depend on it share.
fn receiver<T>(watched: &Watched<T>, id: Uuid, unknown: T) -> watch::Receiver<T> {
    lock(watched)
        .entry(id)
        .or_insert_with(|| watch::Sender::new(unknown))
        .subscribe()
}

/// The ids that streams still depend on, in batches of one query each.
fn batches<T>(watched: &Watched<T>) -> Vec<Vec<Uuid>> {
    let mut watched = lock(watched);
    watched.retain(|_, value| value.receiver_count() > 0);
    let ids: Vec<Uuid> = watched.keys().copied().collect();
    ids.chunks(BATCH).map(<[Uuid]>::to_vec).collect()
}

fn publish<T: PartialEq>(watched: &Watched<T>, id: Uuid, now: T) {
    if let Some(value) = lock(watched).get(&id) {
        value.send_if_modified(|known| {
            let is_new = *known != now;
            *known = now;
            is_new
        });
    }
}

#[cfg(test)]
mod tests {
    use domain::user::Role;
    use eventstore::command::Via;

    use super::*;

    fn caller(session: Option<Uuid>) -> Caller {
        Caller {
            id: Uuid::now_v7(),
            role: Role::User,
            session,
            via: Via::Api,
            operator: None,
        }
    }

    #[test]
    fn many_streams_cost_few_queries_and_ended_ones_none() {
        let rights = Rights::default();
        let mut streams: Vec<Right> = (0..20_000)
            .map(|_| rights.watch(&caller(Some(Uuid::now_v7())), Some(Uuid::now_v7())))
            .collect();
        assert_eq!(batches(&rights.sessions).len(), 20);
        assert_eq!(batches(&rights.conversations).len(), 20);
        // Many streams of one person depend on one session.
        let ada = caller(Some(Uuid::now_v7()));
        streams.truncate(999);
        streams.extend((0..5_000).map(|_| rights.watch(&ada, None)));
        assert_eq!(batches(&rights.sessions).len(), 1);
        streams.clear();
        assert!(batches(&rights.sessions).is_empty());
        assert!(batches(&rights.conversations).is_empty());
    }

    #[tokio::test]
    async fn access_is_lost_only_by_known_facts() {
        let usable = |role| Standing::Usable { role };
        let other = Uuid::now_v7();
        for (standing, owner, reason) in [
            (Standing::Unknown, None, None),
            (usable(None), None, None),
            (usable(Some(Role::User)), Some(Owner::Unknown), None),
            (usable(Some(Role::Admin)), None, Some("unauthorized")),
            (Standing::Ended, None, Some("unauthorized")),
            (Standing::Unknown, Some(Owner::Is(other)), Some("not_found")),
            (Standing::Unknown, Some(Owner::Nobody), Some("not_found")),
        ] {
            let rights = Rights::default();
            let (session, conversation) = (Uuid::now_v7(), Uuid::now_v7());
            let mut right = rights.watch(&caller(Some(session)), Some(conversation));
            let case = format!("{standing:?} {owner:?}");
            publish(&rights.sessions, session, standing);
            if let Some(owner) = owner {
                publish(&rights.conversations, conversation, owner);
            }
            let lost = futures_util::FutureExt::now_or_never(right.wait_until_lost());
            assert_eq!(lost, reason, "{case}");
        }
    }
}
