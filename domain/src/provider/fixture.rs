//! An added provider.

use uuid::Uuid;

use super::{ProviderEvent, ProviderKind};
use crate::personal::{Personal, Subject};

pub(super) const ID: Uuid = Uuid::from_u128(0xf0);

pub(super) fn added() -> ProviderEvent {
    let subject = Subject::new("provider", ID);
    ProviderEvent::ProviderAdded {
        slug: "openai".into(),
        kind: ProviderKind::OpenaiCompatible,
        base_url: "https://api.openai.com/v1".into(),
        private_network: false,
        api_key: Some(Personal::new([subject], "secret".to_owned())),
    }
}

pub(super) fn models_added(models: &[&str]) -> ProviderEvent {
    ProviderEvent::ProviderModelsNamed {
        models: names(models),
    }
}

pub(super) fn models_disabled(models: &[&str]) -> ProviderEvent {
    ProviderEvent::ProviderModelsDisabled {
        models: names(models),
    }
}

pub(super) fn names(models: &[&str]) -> Vec<String> {
    models.iter().map(|model| (*model).to_owned()).collect()
}
