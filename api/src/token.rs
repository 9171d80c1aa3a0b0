//! Access tokens: short-lived, typed, signed with a key of the installation.

use eventstore::Clock;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a token is valid, in seconds.
pub const LIFETIME: u64 = 900;
const TYPE: &str = "at+jwt";
const KEY_ID: &str = "1";
const AUDIENCE: &str = "convosphere-api";
/// Tolerated difference between the clocks of processes, in seconds.
const LEEWAY: u64 = 5;
/// Longest token that is parsed, in bytes.
const LIMIT: usize = 2_048;

/// The claims of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    pub sub: Uuid,
    /// The session; none for a user of the command line.
    pub sid: Option<Uuid>,
    /// The operating system user who administers the installation on its machine; such a token names no user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    iat: u64,
    exp: u64,
    /// This server sets none, but one that is set counts.
    #[serde(default, skip_serializing)]
    nbf: u64,
    jti: Uuid,
}

/// Signs and checks the tokens of one installation.
#[derive(Clone)]
pub struct Tokens {
    issuer: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    clock: Clock,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl Tokens {
    pub fn new(log_id: Uuid, key: &[u8], clock: Clock) -> Self {
        let issuer = format!("convosphere:{log_id}");
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[&issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // `check` compares the times with the clock of this process.
        validation.validate_exp = false;
        Self {
            issuer,
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            validation,
            clock,
        }
    }

    /// Issues a token for a user; with a session, it is valid as long as the session.
    pub fn issue(&self, user_id: Uuid, session: Option<Uuid>) -> Option<String> {
        self.sign(user_id, session, None)
    }

    /// Issues a token for the operator: whoever can read the key of the installation may administer it.
    pub fn issue_for_operator(&self, os_user: &str) -> Option<String> {
        self.sign(Uuid::nil(), None, Some(os_user.to_owned()))
    }

    fn sign(
        &self,
        user_id: Uuid,
        session: Option<Uuid>,
        operator: Option<String>,
    ) -> Option<String> {
        let now = self.now()?;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: user_id,
            sid: session,
            operator,
            iat: now,
            exp: now + LIFETIME,
            nbf: 0,
            jti: self.clock.new_id(),
        };
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(KEY_ID.to_owned()),
            ..Header::new(Algorithm::HS256)
        };
        encode(&header, &claims, &self.encoding).ok()
    }

    /// Returns the claims if the token was issued by this installation, has the right type and has not expired.
    pub fn check(&self, token: &str) -> Option<Claims> {
        if token.len() > LIMIT {
            return None;
        }
        let header = decode_header(token).ok()?;
        if header.typ.as_deref() != Some(TYPE) || header.kid.as_deref() != Some(KEY_ID) {
            return None;
        }
        let claims = decode::<Claims>(token, &self.decoding, &self.validation)
            .ok()?
            .claims;
        // Not issued in the future, and for no longer than this server issues tokens.
        let now = self.now()?;
        let latest = now.saturating_add(LEEWAY);
        let is_issued = claims.iat <= latest && claims.nbf <= latest;
        let is_fresh = claims.exp.saturating_add(LEEWAY) >= now;
        let is_short = claims.exp <= claims.iat.saturating_add(LIFETIME);
        (is_issued && is_fresh && is_short).then_some(claims)
    }

    fn now(&self) -> Option<u64> {
        u64::try_from(self.clock.now().timestamp()).ok()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    const LOG: Uuid = Uuid::from_u128(1);

    const NOW: u64 = 1_800_000_000;

    fn clock() -> Clock {
        Clock::fixed(DateTime::UNIX_EPOCH + TimeDelta::seconds(NOW.cast_signed()))
    }

    fn tokens() -> Tokens {
        Tokens::new(LOG, &[7; 32], clock())
    }

    fn signed(header: &Header, claims: &serde_json::Value) -> String {
        encode(header, claims, &EncodingKey::from_secret(&[7; 32])).unwrap()
    }

    fn good() -> (Header, serde_json::Value) {
        let header = Header {
            typ: Some(TYPE.into()),
            kid: Some(KEY_ID.into()),
            ..Header::new(Algorithm::HS256)
        };
        let claims = serde_json::json!({
            "iss": format!("convosphere:{LOG}"), "aud": AUDIENCE, "sub": Uuid::nil(), "sid": null,
            "iat": NOW, "exp": NOW + LIFETIME, "jti": Uuid::nil(),
        });
        (header, claims)
    }

    #[test]
    fn a_token_names_user_and_session() {
        let (user, session) = (Uuid::from_u128(2), Uuid::from_u128(3));
        let token = tokens().issue(user, Some(session)).unwrap();
        let claims = tokens().check(&token).unwrap();
        assert_eq!((claims.sub, claims.sid), (user, Some(session)));
        assert_eq!(claims.operator, None);
        let (header, claims) = good();
        assert!(tokens().check(&signed(&header, &claims)).is_some());
        let token = tokens().issue_for_operator("ada").unwrap();
        let claims = tokens().check(&token).unwrap();
        assert_eq!((claims.sub, claims.sid), (Uuid::nil(), None));
        assert_eq!(claims.operator.as_deref(), Some("ada"));
    }

    #[test]
    fn a_token_expires_to_the_second() {
        let clock = clock();
        let tokens = Tokens::new(LOG, &[7; 32], clock.clone());
        let token = tokens.issue(Uuid::nil(), None).unwrap();
        clock.advance(TimeDelta::seconds((LIFETIME + LEEWAY).cast_signed()));
        assert!(tokens.check(&token).is_some());
        clock.advance(TimeDelta::seconds(1));
        assert!(tokens.check(&token).is_none());
        // Of a process whose clock is ahead.
        let ahead = tokens.issue(Uuid::nil(), None).unwrap();
        clock.advance(TimeDelta::seconds(-LEEWAY.cast_signed()));
        assert!(tokens.check(&ahead).is_some());
        clock.advance(TimeDelta::seconds(-1));
        assert!(tokens.check(&ahead).is_none());
    }

    #[test]
    fn tokens_with_other_keys_issuers_types_audiences_or_times_are_refused() {
        let token = tokens().issue(Uuid::nil(), None).unwrap();
        assert!(Tokens::new(LOG, &[8; 32], clock()).check(&token).is_none());
        assert!(
            Tokens::new(Uuid::nil(), &[7; 32], clock())
                .check(&token)
                .is_none()
        );
        for (name, value) in [
            ("aud", serde_json::json!("convosphere-refresh")),
            ("iss", serde_json::json!("somebody")),
            ("exp", serde_json::json!(1_000)),
            ("sub", serde_json::json!("ada")),
        ] {
            let (header, mut claims) = good();
            claims[name] = value;
            assert!(
                tokens().check(&signed(&header, &claims)).is_none(),
                "{name}"
            );
        }
        let (header, claims) = good();
        for header in [
            Header {
                typ: Some("JWT".into()),
                ..header.clone()
            },
            Header {
                kid: Some("../../etc/passwd".into()),
                ..header.clone()
            },
            Header {
                kid: None,
                ..header.clone()
            },
            Header {
                alg: Algorithm::HS384,
                ..header.clone()
            },
        ] {
            assert!(tokens().check(&signed(&header, &claims)).is_none());
        }
    }

    #[test]
    fn times_that_the_server_never_issues_are_refused() {
        let (hour, now) = (3_600, NOW);
        for (times, accepted) in [
            (
                serde_json::json!({"iat": now - 60, "exp": now - 60 + LIFETIME}),
                true,
            ),
            (
                serde_json::json!({"iat": now - 60, "exp": now + 60, "nbf": now - 60}),
                true,
            ),
            (serde_json::json!({"nbf": now + 600}), false),
            (
                serde_json::json!({"iat": now + 600, "exp": now + 600 + LIFETIME}),
                false,
            ),
            (
                serde_json::json!({"exp": now + 10 * 365 * 24 * hour}),
                false,
            ),
            (serde_json::json!({"exp": now + LIFETIME + 60}), false),
            (
                serde_json::json!({"iat": 0, "exp": 4_000_000_000_u64}),
                false,
            ),
            (
                serde_json::json!({"iat": now - hour, "exp": now - hour + LIFETIME}),
                false,
            ),
            (serde_json::json!({"iat": u64::MAX, "exp": u64::MAX}), false),
            (serde_json::json!({"iat": null}), false),
        ] {
            let (header, mut claims) = good();
            for (name, value) in times.as_object().unwrap() {
                claims[name] = value.clone();
            }
            let found = tokens().check(&signed(&header, &claims)).is_some();
            assert_eq!(found, accepted, "{times}");
        }
    }

    #[test]
    fn an_unsigned_token_is_refused() {
        use base64::Engine;
        let part = |value: serde_json::Value| {
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
        };
        let header = part(serde_json::json!({"alg": "none", "typ": TYPE, "kid": KEY_ID}));
        let unsigned = format!("{header}.{}.", part(good().1));
        assert!(tokens().check(&unsigned).is_none());
        assert!(tokens().check(&"a".repeat(10_000)).is_none());
    }
}
