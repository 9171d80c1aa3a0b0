//! Whether those who follow something may still read it: looked up for all streams of the process together.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use projections::conversation::queries as conversations;
use projections::user::sessions::{self, SessionState};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::auth::Caller;
use crate::state::App;

/// How often rights are looked up.
const PERIOD: Duration = Duration::from_secs(2);
/// Sessions or conversations of one query.
const BATCH: usize = 1_000;

/// Who owns a conversation, as far as this process knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// Not looked up yet.
    Unknown,
    Is(Uuid),
    /// The conversation was erased.
    Nobody,
}

/// What is known of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    Unknown,
    Usable {
        /// None while the view does not show the user.
        role: Option<String>,
    },
    Ended,
}

impl Standing {
    fn of(state: &SessionState) -> Self {
        if !state.usable {
            return Self::Ended;
        }
        Self::Usable {
            role: state.role.clone(),
        }
    }

    /// Whether the session has ended, or its user has another role now.
    fn excludes(&self, role: &str) -> bool {
        match self {
            Self::Unknown => false,
            Self::Usable { role: now } => now.as_deref().is_some_and(|now| now != role),
            Self::Ended => true,
        }
    }
}

type Watched<T> = Mutex<HashMap<Uuid, watch::Sender<T>>>;

/// The sessions and conversations that streams of this process depend on. One look at the database serves all of them,
/// so the number of streams hardly counts.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    sessions: Watched<Standing>,
    conversations: Watched<Owner>,
    soon: Notify,
}

/// What one stream depends on.
#[derive(Debug)]
pub(crate) struct Right {
    reader: Uuid,
    role: &'static str,
    session: Option<watch::Receiver<Standing>>,
    conversation: Option<watch::Receiver<Owner>>,
}

impl Right {
    /// Waits until the right is known to be gone, and returns the code of the reason. A database that is away changes
    /// nothing: what cannot be known ends nothing.
    pub async fn lost(&mut self) -> &'static str {
        let (reader, role) = (self.reader, self.role);
        let excluded = changes(&mut self.session, |now| now.excludes(role));
        let lost = changes(&mut self.conversation, |now| match now {
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

/// Waits until a value is of some kind; for ever where there is none.
async fn changes<T>(value: &mut Option<watch::Receiver<T>>, is_lost: impl FnMut(&T) -> bool) {
    if let Some(value) = value
        && value.wait_for(is_lost).await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}

impl Rights {
    /// The right of a caller to go on, and to read a conversation where one is named.
    pub fn watch(&self, caller: &Caller, conversation: Option<Uuid>) -> Right {
        let session = caller.session;
        Right {
            reader: caller.id,
            role: caller.role.as_str(),
            session: session.map(|id| receiver(&self.sessions, id, Standing::Unknown)),
            conversation: conversation.map(|id| receiver(&self.conversations, id, Owner::Unknown)),
        }
    }

    /// Looks everything up at once: this process has just changed something.
    pub fn check_now(&self) {
        self.soon.notify_one();
    }

    /// Looks everything up again and again, for as long as there is something to serve.
    pub async fn keep_checking(self: Arc<Self>, app: Weak<App>) {
        loop {
            match app.upgrade() {
                Some(app) => self.check(&app).await,
                None => return,
            }
            // Either the period is over or something has changed here: both are a reason to look.
            let _ = tokio::time::timeout(PERIOD, self.soon.notified()).await;
        }
    }

    async fn check(&self, app: &App) {
        for ids in batches(&self.sessions) {
            // Not known for now is no end.
            let Ok(found) = sessions::states(&app.pool, &ids).await else {
                return;
            };
            let stale = found
                .iter()
                .filter(|(_, state)| state.stale && state.usable);
            let stale: Vec<Uuid> = stale.map(|(id, _)| *id).collect();
            if !stale.is_empty() {
                // Missed once, it is marked two seconds later.
                let _ = sessions::touch_all(&app.pool, &stale).await;
            }
            let found: HashMap<Uuid, SessionState> = found.into_iter().collect();
            for id in ids {
                let standing = found.get(&id).map_or(Standing::Ended, Standing::of);
                tell(&self.sessions, id, standing);
            }
        }
        for ids in batches(&self.conversations) {
            let Ok(found) = conversations::owners(&app.pool, &ids).await else {
                return;
            };
            for (id, owner) in found {
                tell(
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

/// What is known of something from now on; all who ask for the same one share it.
fn receiver<T>(watched: &Watched<T>, id: Uuid, unknown: T) -> watch::Receiver<T> {
    lock(watched)
        .entry(id)
        .or_insert_with(|| watch::Sender::new(unknown))
        .subscribe()
}

/// What streams still depend on, in parts for one query each.
fn batches<T>(watched: &Watched<T>) -> Vec<Vec<Uuid>> {
    let mut watched = lock(watched);
    watched.retain(|_, value| value.receiver_count() > 0);
    let ids: Vec<Uuid> = watched.keys().copied().collect();
    ids.chunks(BATCH).map(<[Uuid]>::to_vec).collect()
}

fn tell<T: PartialEq>(watched: &Watched<T>, id: Uuid, now: T) {
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
    use eventstore::executor::Via;

    use super::*;

    fn caller(session: Option<Uuid>) -> Caller {
        Caller {
            id: Uuid::now_v7(),
            role: Role::User,
            session,
            via: Via::Api,
        }
    }

    #[test]
    fn twenty_thousand_streams_cost_a_few_queries_and_those_that_ended_none() {
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
    async fn a_right_is_lost_only_by_what_is_known() {
        let usable = |role: Option<&str>| Standing::Usable {
            role: role.map(str::to_owned),
        };
        let other = Uuid::now_v7();
        for (standing, owner, reason) in [
            (Standing::Unknown, None, None),
            (usable(None), None, None),
            (usable(Some("user")), Some(Owner::Unknown), None),
            (usable(Some("admin")), None, Some("unauthorized")),
            (Standing::Ended, None, Some("unauthorized")),
            (Standing::Unknown, Some(Owner::Is(other)), Some("not_found")),
            (Standing::Unknown, Some(Owner::Nobody), Some("not_found")),
        ] {
            let rights = Rights::default();
            let (session, conversation) = (Uuid::now_v7(), Uuid::now_v7());
            let mut right = rights.watch(&caller(Some(session)), Some(conversation));
            let said = format!("{standing:?} {owner:?}");
            tell(&rights.sessions, session, standing);
            if let Some(owner) = owner {
                tell(&rights.conversations, conversation, owner);
            }
            let lost = futures_util::FutureExt::now_or_never(right.lost());
            assert_eq!(lost, reason, "{said}");
        }
    }
}
