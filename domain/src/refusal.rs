//! What every refusal of a command tells the outside.

/// The class of a refusal; the API maps it to a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The object does not exist, or the actor may not see it.
    NotFound,
    /// The actor sees the object and may not do this.
    Forbidden,
    /// The object's state does not allow it.
    Conflict,
    /// A field of the command cannot be taken.
    Invalid,
}

/// A domain error with a stable code.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// A stable `snake_case` code.
    fn code(&self) -> &'static str;
    /// Its class.
    fn kind(&self) -> RefusalKind;
    /// The JSON pointer of the field at fault, for [`RefusalKind::Invalid`].
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
