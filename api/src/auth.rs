//! The one gate: who calls, and what the role allows.

use std::sync::Arc;

use domain::assistant::Editor;
use domain::user::Role;
use eventstore::executor::Via;
use poem::http::header;
use poem::{Request, Result};
use poem_openapi::SecurityScheme;
use poem_openapi::auth::Bearer;
use projections::user::queries;
use uuid::Uuid;

use crate::limits::Allowance;
use crate::problem::Problem;
use crate::state::App;

/// The access token in `Authorization: Bearer`.
#[derive(SecurityScheme)]
#[oai(
    ty = "bearer",
    rename = "access_token",
    bearer_format = "JWT",
    checker = "check"
)]
pub struct Auth(pub Caller);

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub id: Uuid,
    pub role: Role,
    pub session: Option<Uuid>,
    pub via: Via,
}

impl Caller {
    /// Passes administrators.
    pub fn admin(&self) -> Result<(), Problem> {
        if self.role == Role::Admin {
            return Ok(());
        }
        Err(Problem::forbidden("this takes the role admin"))
    }

    /// The caller as the rules of assistants and knowledge know one.
    pub fn editor(&self) -> Editor {
        Editor {
            user_id: self.id,
            role: self.role,
        }
    }

    /// Passes everybody but guests, who create nothing.
    pub fn creator(&self) -> Result<(), Problem> {
        if self.role > Role::Guest {
            return Ok(());
        }
        Err(Problem::forbidden("guests create nothing"))
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
    let caller = caller(app, &bearer.token).await?;
    if !request.method().is_safe() && !takes_back(request.original_uri().path()) {
        let allowance = request.data::<Allowance>().cloned().unwrap_or_default();
        app.limits.write(caller.id, &allowance)?;
    }
    Ok(caller)
}

/// What ends sessions and answers is never too much: whoever has a stolen token must not keep its owner from that.
fn takes_back(path: &str) -> bool {
    path.starts_with("/api/v1/auth/") || path.ends_with("/password") || path.ends_with("/cancel")
}

/// The holder of a token, as long as its session lives and the account is not suspended.
pub async fn caller(app: &App, token: &str) -> Result<Caller, Problem> {
    let refused =
        || Problem::unauthorized("the access token is not valid, or no longer; log in or refresh");
    let claims = app.tokens.check(token).ok_or_else(refused)?;
    let role = match claims.sid {
        Some(session) => {
            let state = app.session(session).await?;
            let state = state.filter(|state| state.usable && state.user_id == claims.sub);
            let role = state.ok_or_else(refused)?.role;
            role.ok_or_else(|| {
                Problem::unavailable(
                    "projection_behind",
                    "the view of users is not there yet; try again",
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
        role: Role::parse(&role).ok_or_else(refused)?,
        session: claims.sid,
        via: if claims.sid.is_some() {
            Via::Api
        } else {
            Via::Cli
        },
    })
}
