//! Errors.

use std::time::Duration;

use reqwest::StatusCode;

use crate::types::{Job, Problem, ProblemField};

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server refused the request or could not execute it.
    #[error("{}", .problem.detail)]
    Problem {
        problem: Box<Problem>,
        /// When the server suggests to try again.
        retry_after: Option<Duration>,
    },
    /// No complete response arrived.
    #[error("{}", describe(.0))]
    Network(#[source] reqwest::Error),
    /// The server sent nothing for this long.
    #[error("the server sent nothing for {} s", .0.as_secs())]
    Silence(Duration),
    #[error("cannot read the response of the server: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The request cannot be sent.
    #[error("{0}")]
    Invalid(String),
    /// A file cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A job did not complete.
    #[error("{}", .0.error.as_deref().unwrap_or(.0.status.as_str()))]
    Job(Box<Job>),
}

impl Error {
    /// The problem that the server reported.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem { problem, .. } => Some(problem),
            _ => None,
        }
    }

    /// The stable code of the problem, such as `not_found`.
    pub fn code(&self) -> Option<&str> {
        self.problem().map(|problem| problem.code.as_str())
    }

    /// The HTTP status of the problem.
    pub fn status(&self) -> Option<u16> {
        self.problem().map(|problem| problem.status)
    }

    /// Whether the same request can succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Network(_) | Self::Silence(_) => true,
            Self::Problem { problem, .. } => matches!(problem.status, 429 | 502..=504),
            _ => false,
        }
    }
}

impl Problem {
    /// The error of a field, by its JSON pointer, such as `/email`, or the name of a parameter.
    pub fn field(&self, pointer: &str) -> Option<&ProblemField> {
        self.errors.iter().find(|field| field.pointer == pointer)
    }

    /// The problem in the body of a response. A proxy may have answered with something else.
    pub(crate) fn parse(status: StatusCode, body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_else(|_| Self {
            kind: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: format!(
                "the server, or a proxy in front of it, answered {status} without a reason"
            ),
            instance: String::new(),
            code: "unknown".to_owned(),
            request_id: String::new(),
            errors: Vec::new(),
        })
    }
}

/// An error of the network with its causes; only the last says what happened.
fn describe(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
