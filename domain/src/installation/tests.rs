use cqrs_es::test::TestFramework;

use super::*;

type Framework = TestFramework<Installation>;

fn offer(model: &str) -> InstallationCommand {
    InstallationCommand::OfferDefaultModel {
        model: model.to_owned(),
    }
}

fn choose(model: Option<&str>) -> InstallationCommand {
    InstallationCommand::ChooseDefaultModel {
        model: model.map(str::to_owned),
    }
}

fn chosen(model: Option<&str>, automatic: bool) -> InstallationEvent {
    InstallationEvent::DefaultModelChosen {
        model: model.map(str::to_owned),
        automatic,
    }
}

#[test]
fn the_first_working_model_becomes_the_default() {
    Framework::with(())
        .given_no_previous_events()
        .when(offer("local/llama"))
        .then_expect_events(vec![chosen(Some("local/llama"), true)]);
    Framework::with(())
        .given(vec![chosen(Some("local/llama"), true)])
        .when(offer("openai/gpt-5"))
        .then_expect_events(vec![]);
}

#[test]
fn an_offer_does_not_replace_an_administrators_choice() {
    let own = vec![chosen(Some("openai/gpt-5"), false)];
    Framework::with(())
        .given(own.clone())
        .when(offer("local/llama"))
        .then_expect_events(vec![]);
    Framework::with(())
        .given(own.clone())
        .when(choose(Some("openai/gpt-5")))
        .then_expect_events(vec![]);
    Framework::with(())
        .given(own)
        .when(choose(Some("local/llama")))
        .then_expect_events(vec![chosen(Some("local/llama"), false)]);
}

/// Choosing the automatic default makes it an administrator's choice.
#[test]
fn an_administrator_can_confirm_the_automatic_default() {
    Framework::with(())
        .given(vec![chosen(Some("local/llama"), true)])
        .when(choose(Some("local/llama")))
        .then_expect_events(vec![chosen(Some("local/llama"), false)]);
}

#[test]
fn after_a_reset_the_next_working_model_becomes_the_default() {
    Framework::with(())
        .given(vec![
            chosen(Some("openai/gpt-5"), false),
            chosen(None, false),
        ])
        .when(offer("local/llama"))
        .then_expect_events(vec![chosen(Some("local/llama"), true)]);
}

#[test]
fn an_invalid_model_name_is_refused() {
    for name in ["", "gpt-5", "/gpt-5", "openai/", "openai/a\nb"] {
        Framework::with(())
            .given_no_previous_events()
            .when(choose(Some(name)))
            .then_expect_error(InstallationError::DefaultModel);
    }
}
