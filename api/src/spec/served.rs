//! The contract in the forms that are served.

use std::sync::LazyLock;

use super::{contract_from, service, to_text, viewer};
use crate::pages::Docs;
use crate::parameters::Parameters;

#[derive(Debug)]
pub(crate) struct Served {
    pub text: String,
    pub docs: Docs,
    pub parameters: Parameters,
}

/// Generates the contract once, when it is first needed: the start of a server need not wait for a megabyte of JSON.
pub(crate) fn served() -> &'static Served {
    static SERVED: LazyLock<Served> = LazyLock::new(|| {
        let service = service();
        let generated = service.spec();
        let contract = contract_from(&generated);
        let text = to_text(&contract);
        Served {
            docs: Docs::new(viewer(&service, &generated, &text)),
            parameters: Parameters::from_spec(&contract),
            text,
        }
    });
    &SERVED
}
