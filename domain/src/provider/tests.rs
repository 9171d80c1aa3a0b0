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
