use super::*;
use crate::command::decide;

fn offer(model: &str) -> OfferDefaultModel {
    OfferDefaultModel {
        model: model.to_owned(),
    }
}

fn choose(model: Option<&str>) -> ChooseDefaultModel {
    ChooseDefaultModel {
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
    assert_eq!(
        decide([], offer("local/llama")),
        Ok(vec![chosen(Some("local/llama"), true)])
    );
    assert_eq!(
        decide([chosen(Some("local/llama"), true)], offer("openai/gpt-5")),
        Ok(vec![])
    );
}

#[test]
fn an_offer_does_not_replace_an_administrators_choice() {
    let own = vec![chosen(Some("openai/gpt-5"), false)];
    assert_eq!(decide(own.clone(), offer("local/llama")), Ok(vec![]));
    assert_eq!(
        decide(own.clone(), choose(Some("openai/gpt-5"))),
        Ok(vec![])
    );
    assert_eq!(
        decide(own, choose(Some("local/llama"))),
        Ok(vec![chosen(Some("local/llama"), false)])
    );
}

/// Choosing the automatic default makes it an administrator's choice.
#[test]
fn an_administrator_can_confirm_the_automatic_default() {
    assert_eq!(
        decide(
            [chosen(Some("local/llama"), true)],
            choose(Some("local/llama"))
        ),
        Ok(vec![chosen(Some("local/llama"), false)])
    );
}

#[test]
fn after_a_reset_the_next_working_model_becomes_the_default() {
    assert_eq!(
        decide(
            [chosen(Some("openai/gpt-5"), false), chosen(None, false),],
            offer("local/llama")
        ),
        Ok(vec![chosen(Some("local/llama"), true)])
    );
}

#[test]
fn an_invalid_model_name_is_refused() {
    for name in ["", "gpt-5", "/gpt-5", "openai/", "openai/a\nb"] {
        assert_eq!(
            decide([], choose(Some(name))),
            Err(InstallationError::DefaultModel)
        );
    }
}
