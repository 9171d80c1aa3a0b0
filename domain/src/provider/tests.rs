use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::egress::UrlFault;
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
fn adding_seals_the_key_and_keeps_the_url_in_one_form() {
    Framework::with(())
        .given_no_previous_events()
        .when(add("openai", "https://api.openai.com/v1/"))
        .then_expect_events(vec![added()]);
}

#[test]
fn names_and_addresses_that_cannot_be_taken_are_refused() {
    for name in ["", "Open AI", "builtin", "-x", "a/b", &"x".repeat(41)] {
        Framework::with(())
            .given_no_previous_events()
            .when(add(name, "https://x.org"))
            .then_expect_error(ProviderError::Name);
    }
    Framework::with(())
        .given_no_previous_events()
        .when(add("x", "ftp://x.org"))
        .then_expect_error(ProviderError::BaseUrl(UrlFault::Scheme));
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
        .then_expect_error(ProviderError::OtherCheck);
    Framework::with(())
        .given(again)
        .when(record(2))
        .then_expect_events(vec![checked(2)]);
    Framework::with(())
        .given(vec![added(), checked(1)])
        .when(record(1))
        .then_expect_error(ProviderError::OtherCheck);
}

#[test]
fn what_a_provider_tells_is_bounded() {
    let listed = |model: String| ListedModel {
        model,
        context_window: None,
        max_output_tokens: None,
    };
    let mut told: Vec<ListedModel> = (0..600).map(|n| listed(format!("m{n}"))).collect();
    told.insert(0, listed("x".repeat(1_000)));
    told.insert(0, listed("a\u{0}b".into()));
    Framework::with(())
        .given(vec![added()])
        .when(ProviderCommand::RecordCheck {
            check: 1,
            result: Ok(told),
        })
        .then_expect_events(vec![ProviderEvent::ProviderChecked {
            check: 1,
            health: Health::Ok,
            fault: None,
            models: (0..500).map(|n| listed(format!("m{n}"))).collect(),
        }]);
}

#[test]
fn one_that_was_removed_is_gone() {
    Framework::with(())
        .given(vec![added(), ProviderEvent::ProviderRemoved {}])
        .when(ProviderCommand::RequestCheck)
        .then_expect_error(ProviderError::NotFound);
}

fn named(models: &[&str]) -> ProviderEvent {
    ProviderEvent::ProviderModelsNamed {
        models: models.iter().map(|model| (*model).to_owned()).collect(),
    }
}

fn check() -> ProviderEvent {
    ProviderEvent::ProviderCheckRequested {}
}

fn name(models: &[&str]) -> ProviderCommand {
    ProviderCommand::ConfigureProvider {
        provider_id: ID,
        endpoint: None,
        api_key: None,
        models: Some(models.iter().map(|model| (*model).to_owned()).collect()),
    }
}

#[test]
fn models_are_named_without_the_key_and_take_the_place_of_those_before() {
    Framework::with(())
        .given(vec![added()])
        .when(name(&["a", " b ", "a"]))
        .then_expect_events(vec![named(&["a", "b"]), check()]);
    Framework::with(())
        .given(vec![added(), named(&["a", "b"])])
        .when(name(&["a", "b"]))
        .then_expect_events(vec![]);
    Framework::with(())
        .given(vec![added(), named(&["a"])])
        .when(name(&[]))
        .then_expect_events(vec![named(&[]), check()]);
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
        .then_expect_events(vec![added(), named(&["qwen3:8b"])]);
}

#[test]
fn names_of_models_that_cannot_be_taken_are_refused() {
    for wrong in ["", " ", "a\nb", &"x".repeat(151)] {
        let refused = Framework::with(())
            .given(vec![added()])
            .when(name(&["a", wrong]))
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
        .when(name(&many))
        .then_expect_error(ProviderError::TooManyModels);
}

#[test]
fn a_provider_that_lists_nothing_is_well_where_its_models_are_named() {
    let record = |fault| ProviderCommand::RecordCheck {
        check: 1,
        result: Err(fault),
    };
    let found = |health, fault| ProviderEvent::ProviderChecked {
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
            vec![added(), named(&["a"])],
            CheckFault::NotUnderstood,
            Health::Ok,
        ),
        (
            vec![added(), named(&["a"])],
            CheckFault::NoConnection,
            Health::Unreachable,
        ),
        (
            vec![added(), named(&["a"])],
            CheckFault::Unauthorized,
            Health::Unreachable,
        ),
        (
            vec![added(), named(&["a"]), named(&[])],
            CheckFault::NotUnderstood,
            Health::Unreachable,
        ),
    ] {
        Framework::with(())
            .given(given)
            .when(record(fault))
            .then_expect_events(vec![found(health, fault)]);
    }
}
