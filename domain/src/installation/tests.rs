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
fn the_first_model_that_works_is_the_default_and_no_later_one() {
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
fn what_an_administrator_has_chosen_stays() {
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

/// That it was the first is no choice: an administrator may make it one.
#[test]
fn an_administrator_confirms_what_was_there_first() {
    Framework::with(())
        .given(vec![chosen(Some("local/llama"), true)])
        .when(choose(Some("local/llama")))
        .then_expect_events(vec![chosen(Some("local/llama"), false)]);
}

#[test]
fn without_a_choice_the_next_one_that_works_is_taken() {
    Framework::with(())
        .given(vec![
            chosen(Some("openai/gpt-5"), false),
            chosen(None, false),
        ])
        .when(offer("local/llama"))
        .then_expect_events(vec![chosen(Some("local/llama"), true)]);
}

#[test]
fn what_is_no_name_of_a_model_is_refused() {
    for name in ["", "gpt-5", "/gpt-5", "openai/", "openai/a\nb"] {
        Framework::with(())
            .given_no_previous_events()
            .when(choose(Some(name)))
            .then_expect_error(InstallationError::DefaultModel);
    }
}
