//! What commands write in the transaction of their events: rows that no event holds, because they are secret, short-lived
//! or guard a limit.

use eventstore::append::{SideWrite, SideWriteError};
use eventstore::seal::erasure;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::file::{FILE_GONE, IN_USE, QUOTA_EXCEEDED, claims, usage};
use crate::job::{JobKind, queries as jobs};
use crate::user::credentials::{self, SETUP_OVER};
use crate::user::sessions::{self, RefreshToken};

/// A write in the transaction of a command.
pub enum CommandWrite {
    /// Counts an upload; refuses it if the owner would exceed the quota.
    CountUpload {
        owner: Uuid,
        size: i64,
        quota: i64,
    },
    /// Refuses a document whose file is being deleted.
    RequireFile {
        file: Uuid,
    },
    /// Frees the quota and the claims of a file; `unless_used` refuses that while a document uses the file.
    ReleaseFile {
        file: Uuid,
        owner: Uuid,
        size: i64,
        unless_used: bool,
    },
    SetPassword {
        user: Uuid,
        hash: String,
    },
    StartSession {
        session: Uuid,
        user: Uuid,
        token: RefreshToken,
    },
    EndSession {
        session: Uuid,
    },
    /// Ends all sessions of a user but one.
    EndSessions {
        user: Uuid,
        except: Option<Uuid>,
    },
    /// Closes set-up; refuses if it is closed.
    CompleteSetup,
    /// Closes set-up if it is open.
    CloseSetup,
    RequestJob {
        job: Uuid,
        requested_by: Uuid,
        kind: JobKind,
    },
    /// Deletes the address, the password, the sessions and the results of jobs of a user.
    EraseUser {
        user: Uuid,
    },
}

impl SideWrite for CommandWrite {
    fn write<'a>(
        &'a self,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<(), SideWriteError>> {
        Box::pin(self.run(connection))
    }
}

impl CommandWrite {
    async fn run(&self, connection: &mut PgConnection) -> Result<(), SideWriteError> {
        match self {
            Self::CountUpload { owner, size, quota } => {
                let fits = usage::add(connection, *owner, *size, *quota).await?;
                refuse_unless(fits, QUOTA_EXCEEDED)?;
            }
            Self::RequireFile { file } => {
                refuse_unless(claims::exists(connection, *file).await?, FILE_GONE)?;
            }
            Self::ReleaseFile {
                file,
                owner,
                size,
                unless_used,
            } => {
                // In this order, like uploads: the usage of the owner, then the claims.
                usage::subtract(connection, *owner, *size).await?;
                // Waits for transactions that create a document from the file right now.
                claims::lock(connection, *file).await?;
                let is_used = *unless_used && claims::is_in_document(connection, *file).await?;
                refuse_unless(!is_used, IN_USE)?;
                erasure::release_claims(connection, &file.to_string()).await?;
            }
            Self::SetPassword { user, hash } => credentials::set(connection, *user, hash).await?,
            Self::StartSession {
                session,
                user,
                token,
            } => sessions::start(connection, *session, *user, token).await?,
            Self::EndSession { session } => sessions::revoke(connection, *session).await?,
            Self::EndSessions { user, except } => {
                sessions::revoke_all(connection, *user, *except).await?;
            }
            Self::CompleteSetup => {
                refuse_unless(credentials::close_setup(connection).await?, SETUP_OVER)?;
            }
            Self::CloseSetup => {
                credentials::close_setup(connection).await?;
            }
            Self::RequestJob {
                job,
                requested_by,
                kind,
            } => {
                jobs::request(connection, *job, *requested_by, kind).await?;
            }
            Self::EraseUser { user } => {
                erasure::release_claims(connection, &user.to_string()).await?;
                credentials::remove(connection, *user).await?;
                jobs::clear_results(&mut *connection, *user).await?;
                sessions::erase(connection, *user).await?;
            }
        }
        Ok(())
    }
}

fn refuse_unless(holds: bool, code: &'static str) -> Result<(), SideWriteError> {
    match holds {
        true => Ok(()),
        false => Err(SideWriteError::Refused(code)),
    }
}
