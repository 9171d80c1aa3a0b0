//! The current password, which the caller gives again to change what the sign-in needs.

use projections::user::credentials;

use crate::account;
use crate::http::{Ctx, Problem};
use crate::limits::Attempt;

/// Counts an attempt to guess the password of the caller.
pub(super) async fn count_attempt(ctx: &Ctx) -> Result<Attempt<'_>, Problem> {
    let account = ctx.caller.id.to_string();
    let (address, allowance) = (ctx.meta.address, &ctx.meta.allowance);
    ctx.limits.try_password(&account, address, allowance).await
}

/// Fails if the password is wrong; only then the attempt counts.
pub(super) async fn check(
    ctx: &Ctx,
    password: String,
    attempt: Attempt<'_>,
) -> Result<(), Problem> {
    let password = account::check_password_size("/current_password", password)?;
    let matches = credentials::verify(&ctx.pool, Some(ctx.caller.id), password).await;
    if !matches!(matches, Ok(false)) {
        attempt.refund();
    }
    match matches? {
        true => Ok(()),
        false => Err(Problem::invalid(
            "/current_password",
            "wrong_password",
            "current_password is not correct",
        )),
    }
}
