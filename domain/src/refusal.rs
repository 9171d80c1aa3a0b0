//! Refusals: why an aggregate rejects a command.

/// The class of a refusal; the API maps it to an HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The object does not exist or is not visible to the actor.
    NotFound,
    /// The object is visible to the actor, but the action is not allowed.
    Forbidden,
    /// The object's state does not allow it.
    Conflict,
    /// A field of the command is invalid.
    Invalid,
}

/// A domain error with a stable code, which clients rely on.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// A stable `snake_case` code.
    fn code(&self) -> &'static str;
    fn kind(&self) -> RefusalKind;
    /// The JSON pointer to the invalid field, for [`RefusalKind::Invalid`].
    fn pointer(&self) -> Option<&'static str> {
        None
    }
}

/// Implements [`Refusal`] for an enum: variant, code, kind and, for invalid fields, the pointer.
macro_rules! refusals {
    ($error:ident { $($variant:ident => $code:literal, $kind:ident $(, $pointer:literal)?);+ $(;)? }) => {
        impl $crate::refusal::Refusal for $error {
            fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code,)+ }
            }

            fn kind(&self) -> $crate::refusal::RefusalKind {
                match self { $(Self::$variant { .. } => $crate::refusal::RefusalKind::$kind,)+ }
            }

            fn pointer(&self) -> Option<&'static str> {
                match self { $(Self::$variant { .. } => refusals!(@pointer $($pointer)?),)+ }
            }
        }
    };
    (@pointer) => { None };
    (@pointer $pointer:literal) => { Some($pointer) };
}
pub(crate) use refusals;
