use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::egress::UrlError;
use crate::personal::{Personal, Subject};

type Framework = TestFramework<Provider>;

const ID: Uuid = Uuid::from_u128(0xf0);

fn endpoint(base_url: &str) -> Endpoint {
    Endpoint {
        base_url: base_url.to_owned(),
        private_network: false,
    }
}

fn add(name: &str, base_url: &str) -> ProviderCommand {
    ProviderCommand::AddProvider {
        provider_id: ID,
        name: name.to_owned(),
        kind: ProviderKind::OpenaiCompatible,
        endpoint: endpoint(base_url),
        api_key: Some("secret".to_owned()),
        models: vec![],
    }
}

fn key() -> Personal<String> {
    Personal::new([Subject::new("provider", ID)], "secret".to_owned())
}

fn added() -> ProviderEvent {
    ProviderEvent::ProviderAdded {
        slug: "openai".into(),
        kind: ProviderKind::OpenaiCompatible,
        base_url: "https://api.openai.com/v1".into(),
        private_network: false,
        api_key: Some(key()),
    }
}

fn checked(check: u32) -> ProviderEvent {
    ProviderEvent::ProviderChecked {
        check,
        health: Health::Ok,
        fault: None,
        models: vec![],
    }
}

#[test]
fn adding_seals_the_key_and_normalises_the_url() {
    Framework::with(())
        .given_no_previous_events()
        .when(add("openai", "https://api.openai.com/v1/"))
        .then_expect_events(vec![added()]);
}

#[test]
fn invalid_names_and_addresses_are_refused() {
    for name in ["", "Open AI", "builtin", "-x", "a/b", &"x".repeat(41)] {
        Framework::with(())
            .given_no_previous_events()
            .when(add(name, "https://x.org"))
            .then_expect_error(ProviderError::Name);
    }
    Framework::with(())
        .given_no_previous_events()
        .when(add("x", "ftp://x.org"))
        .then_expect_error(ProviderError::BaseUrl(UrlError::Scheme));
}

#[test]
fn the_result_of_an_earlier_check_is_refused() {
    let record = |check| ProviderCommand::RecordCheck {
        check,
        result: Ok(vec![]),
    };
    Framework::with(())
        .given(vec![added()])
        .when(record(1))
        .then_expect_events(vec![checked(1)]);
    let again = vec![added(), ProviderEvent::ProviderCheckRequested {}];
    Framework::with(())
        .given(again.clone())
        .when(record(1))
        .then_expect_error(ProviderError::StaleCheck);
    Framework::with(())
        .given(again)
        .when(record(2))
        .then_expect_events(vec![checked(2)]);
    Framework::with(())
        .given(vec![added(), checked(1)])
        .when(record(1))
        .then_expect_error(ProviderError::StaleCheck);
}

#[test]
fn the_list_of_models_is_bounded() {
    let listed = |model: String| ListedModel {
        model,
        context_window: None,
        max_output_tokens: None,
    };
    let mut models: Vec<ListedModel> = (0..600).map(|n| listed(format!("m{n}"))).collect();
    models.insert(0, listed("x".repeat(1_000)));
    models.insert(0, listed("a\u{0}b".into()));
    Framework::with(())
        .given(vec![added()])
        .when(ProviderCommand::RecordCheck {
            check: 1,
            result: Ok(models),
        })
        .then_expect_events(vec![ProviderEvent::ProviderChecked {
            check: 1,
            health: Health::Ok,
            fault: None,
            models: (0..500).map(|n| listed(format!("m{n}"))).collect(),
        }]);
}

#[test]
fn commands_on_a_removed_provider_are_refused() {
    Framework::with(())
        .given(vec![added(), ProviderEvent::ProviderRemoved {}])
        .when(ProviderCommand::RequestCheck)
        .then_expect_error(ProviderError::NotFound);
}

fn models_added(models: &[&str]) -> ProviderEvent {
    ProviderEvent::ProviderModelsNamed {
        models: models.iter().map(|model| (*model).to_owned()).collect(),
    }
}

fn check() -> ProviderEvent {
    ProviderEvent::ProviderCheckRequested {}
}

fn add_models(models: &[&str]) -> ProviderCommand {
    ProviderCommand::ConfigureProvider {
        provider_id: ID,
        endpoint: None,
        api_key: None,
        models: Some(models.iter().map(|model| (*model).to_owned()).collect()),
    }
}

#[test]
fn models_are_added_without_the_key_and_replace_earlier_ones() {
    Framework::with(())
        .given(vec![added()])
        .when(add_models(&["a", " b ", "a"]))
        .then_expect_events(vec![models_added(&["a", "b"]), check()]);
    Framework::with(())
        .given(vec![added(), models_added(&["a", "b"])])
        .when(add_models(&["a", "b"]))
        .then_expect_events(vec![]);
    Framework::with(())
        .given(vec![added(), models_added(&["a"])])
        .when(add_models(&[]))
        .then_expect_events(vec![models_added(&[]), check()]);
    Framework::with(())
        .given_no_previous_events()
        .when(match add("openai", "https://api.openai.com/v1") {
            ProviderCommand::AddProvider {
                provider_id,
                name,
                kind,
                endpoint,
                api_key,
                ..
            } => ProviderCommand::AddProvider {
                provider_id,
                name,
                kind,
                endpoint,
                api_key,
                models: vec!["qwen3:8b".to_owned()],
            },
            other => other,
        })
        .then_expect_events(vec![added(), models_added(&["qwen3:8b"])]);
}

#[test]
fn invalid_model_names_are_refused() {
    for wrong in ["", " ", "a\nb", &"x".repeat(151)] {
        let refused = Framework::with(())
            .given(vec![added()])
            .when(add_models(&["a", wrong]))
            .inspect_result();
        assert!(
            matches!(refused, Err(ProviderError::Models(_))),
            "{wrong:?}"
        );
    }
    let many: Vec<String> = (0..101).map(|n| format!("m{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    Framework::with(())
        .given(vec![added()])
        .when(add_models(&many))
        .then_expect_error(ProviderError::TooManyModels);
}

#[test]
fn a_provider_without_a_readable_list_is_healthy_if_models_were_added() {
    let record = |fault| ProviderCommand::RecordCheck {
        check: 1,
        result: Err(fault),
    };
    let checked = |health, fault| ProviderEvent::ProviderChecked {
        check: 1,
        health,
        fault: Some(fault),
        models: vec![],
    };
    for (given, fault, health) in [
        (
            vec![added()],
            CheckFault::NotUnderstood,
            Health::Unreachable,
        ),
        (
            vec![added(), models_added(&["a"])],
            CheckFault::NotUnderstood,
            Health::Ok,
        ),
        (
            vec![added(), models_added(&["a"])],
            CheckFault::NoConnection,
            Health::Unreachable,
        ),
        (
            vec![added(), models_added(&["a"])],
            CheckFault::Unauthorized,
            Health::Unreachable,
        ),
        (
            vec![added(), models_added(&["a"]), models_added(&[])],
            CheckFault::NotUnderstood,
            Health::Unreachable,
        ),
    ] {
        Framework::with(())
            .given(given)
            .when(record(fault))
            .then_expect_events(vec![checked(health, fault)]);
    }
}
