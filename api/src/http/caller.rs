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

/// The user who sent a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub id: Uuid,
    pub role: Role,
    pub session: Option<Uuid>,
    pub via: Via,
}

impl Caller {
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
    if !request.method().is_safe() && !is_exempt_from_limits(request.original_uri().path()) {
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

/// Returns the holder of a token. Fails if the session has ended or the account is suspended.
pub(crate) async fn authenticate(app: &App, token: &str) -> Result<Caller, Problem> {
    let refused = || {
        Problem::unauthorized("the access token is invalid or has expired; log in or refresh it")
    };
    let claims = app.tokens.check(token).ok_or_else(refused)?;
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
    })
}
