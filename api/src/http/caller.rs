//! Authentication of callers, and checks of their role.

use std::sync::Arc;

use domain::assistant::Editor;
use domain::user::Role;
use eventstore::command::Via;
use poem::http::header;
use poem::{Request, Result};
use poem_openapi::SecurityScheme;
use poem_openapi::auth::Bearer;
use projections::user::queries;
use uuid::Uuid;

use super::Problem;
use crate::limits::Allowance;
use crate::state::App;

/// The access token in `Authorization: Bearer`.
#[derive(SecurityScheme)]
#[oai(
    ty = "bearer",
    rename = "access_token",
    bearer_format = "JWT",
    checker = "check"
)]
pub(super) struct Auth(pub Caller);

/// What operators administer, by the first part of a path below `/api/v1/`. The rest belongs to a user.
const ADMINISTRATION: [&str; 7] = [
    "backups",
    "events",
    "jobs",
    "projections",
    "providers",
    "settings",
    "users",
];

/// The user who sent a request, or the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Nil for the operator.
    pub id: Uuid,
    pub role: Role,
    pub session: Option<Uuid>,
    pub via: Via,
    /// The operating system user who administers the installation on its machine.
    pub(crate) operator: Option<String>,
}

impl Caller {
    fn from_operator(os_user: String) -> Self {
        Self {
            id: Uuid::nil(),
            role: Role::Admin,
            session: None,
            via: Via::Cli,
            operator: Some(os_user),
        }
    }

    /// The owner of idempotency keys.
    pub(crate) fn principal(&self) -> String {
        match &self.operator {
            Some(os_user) => format!("cli:{os_user}"),
            None => format!("user:{}", self.id),
        }
    }

    /// Fails for the operator, who is not a user.
    pub(crate) fn require_user(&self) -> Result<(), Problem> {
        match self.operator {
            None => Ok(()),
            Some(_) => Err(Problem::forbidden(
                "the operator's token names no user; send the access token of a user",
            )),
        }
    }

    /// Fails unless the caller is an administrator.
    pub(crate) fn require_admin(&self) -> Result<(), Problem> {
        if self.role == Role::Admin {
            return Ok(());
        }
        Err(Problem::forbidden("requires the admin role"))
    }

    /// The caller, as the rules of assistants and knowledge bases expect it.
    pub(crate) fn editor(&self) -> Editor {
        Editor {
            user_id: self.id,
            role: self.role,
        }
    }

    /// Fails if the caller is a guest.
    pub(crate) fn require_creator(&self) -> Result<(), Problem> {
        if self.role > Role::Guest {
            return Ok(());
        }
        Err(Problem::forbidden("guests cannot create resources"))
    }
}

async fn check(request: &Request, bearer: Bearer) -> Result<Caller> {
    let app = request.data::<Arc<App>>().ok_or_else(Problem::not_found)?;
    if request
        .headers()
        .get_all(header::AUTHORIZATION)
        .iter()
        .count()
        > 1
    {
        return Err(Problem::unauthorized("send one Authorization header").into());
    }
    let caller = authenticate(app, &bearer.token).await?;
    let path = request.original_uri().path();
    if !is_administration(path) {
        caller.require_user()?;
    }
    let is_user = caller.operator.is_none();
    if is_user && !request.method().is_safe() && !is_exempt_from_limits(path) {
        let allowance = request.data::<Allowance>().cloned().unwrap_or_default();
        app.limits.write(caller.id, &allowance)?;
    }
    Ok(caller)
}

/// Whether a write does not count against the limit. Ending sessions and answers must always be possible: the holder of
/// a stolen token must not be able to prevent the owner from doing that.
fn is_exempt_from_limits(path: &str) -> bool {
    path.starts_with("/api/v1/auth/") || path.ends_with("/password") || path.ends_with("/cancel")
}

/// Whether an operation administers the installation and needs no user.
fn is_administration(path: &str) -> bool {
    let path = path.strip_prefix("/api/v1/").unwrap_or_default();
    let mut segments = path.split('/');
    let feature = segments.next().unwrap_or_default();
    ADMINISTRATION.contains(&feature) && segments.next() != Some("me")
}

/// Returns the holder of a token. Fails if the session has ended or the account is suspended.
pub(crate) async fn authenticate(app: &App, token: &str) -> Result<Caller, Problem> {
    let refused = || {
        Problem::unauthorized("the access token is invalid or has expired; log in or refresh it")
    };
    let claims = app.tokens.check(token).ok_or_else(refused)?;
    if let Some(os_user) = claims.operator {
        return Ok(Caller::from_operator(os_user));
    }
    let role = match claims.sid {
        Some(session) => {
            let state = app.session(session).await?;
            let state = state.filter(|state| state.usable && state.user_id == claims.sub);
            let role = state.ok_or_else(refused)?.role;
            role.ok_or_else(|| {
                Problem::unavailable(
                    "projection_behind",
                    "the user list is not up to date yet; try again",
                )
            })?
        }
        None => {
            let user = queries::find(&app.pool, claims.sub).await?;
            user.filter(|user| !user.suspended)
                .ok_or_else(refused)?
                .role
        }
    };
    Ok(Caller {
        id: claims.sub,
        role: role.0,
        session: claims.sid,
        via: if claims.sid.is_some() {
            Via::Api
        } else {
            Via::Cli
        },
        operator: None,
    })
}

#[cfg(test)]
mod tests {
    use super::is_administration;

    #[test]
    fn operators_administer_and_have_no_account() {
        for path in [
            "users",
            "users/00000000-0000-0000-0000-000000000001",
            "providers/x/test",
            "jobs/x/stream",
            "events/verify",
        ] {
            assert!(is_administration(&format!("/api/v1/{path}")), "{path}");
        }
        for path in [
            "users/me",
            "users/me/preferences",
            "conversations",
            "files",
            "userspace",
            "",
        ] {
            assert!(!is_administration(&format!("/api/v1/{path}")), "{path}");
        }
        assert!(!is_administration("/users"));
    }
}
