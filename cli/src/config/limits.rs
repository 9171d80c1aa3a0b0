//! Limits per person.

use std::num::{NonZeroU32, NonZeroUsize};

use api::limits::PerPerson;

use super::layers::Layers;

/// Whether limits are enabled, and the limits.
pub fn read(layers: &Layers, errors: &mut Vec<String>) -> Option<(bool, PerPerson)> {
    let enabled: Option<bool> = layers.parse("rate_limit.enabled", "true or false", errors);
    let wanted = "a positive number";
    let streams: Option<NonZeroUsize> = layers.parse("rate_limit.streams", wanted, errors);
    let exports: Option<NonZeroUsize> = layers.parse("rate_limit.exports", wanted, errors);
    let writes: Option<NonZeroU32> = layers.parse("rate_limit.writes", wanted, errors);
    let allowed = PerPerson {
        streams: streams?.get(),
        exports: exports?.get(),
        writes: writes?,
    };
    Some((enabled?, allowed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layers::Origin;

    #[test]
    fn the_default_limits_are_those_of_the_api_and_only_positive_numbers_are_accepted() {
        let mut layers = Layers::defaults();
        let mut errors = vec![];
        assert_eq!(
            read(&layers, &mut errors),
            Some((true, PerPerson::default()))
        );
        for name in [
            "rate_limit.streams",
            "rate_limit.exports",
            "rate_limit.writes",
        ] {
            for text in ["0", "-1", "many", ""] {
                let mut layers = Layers::defaults();
                layers.set(name, text.to_owned(), Origin::Flag);
                let mut errors = vec![];
                assert_eq!(read(&layers, &mut errors), None);
                assert_eq!(
                    errors,
                    [format!("{name}: {text:?} is not a positive number")]
                );
            }
        }
        layers.set("rate_limit.enabled", "false".to_owned(), Origin::Flag);
        assert_eq!(
            read(&layers, &mut errors),
            Some((false, PerPerson::default()))
        );
        assert_eq!(errors, Vec::<String>::new());
    }
}
