//! What is limited, and what one person may have under way.

use std::num::{NonZeroU32, NonZeroUsize};

use api::limits::PerPerson;

use super::layers::Layers;

/// Whether anything is limited, and what is allowed then.
pub fn read(layers: &Layers, faults: &mut Vec<String>) -> Option<(bool, PerPerson)> {
    let enabled: Option<bool> = layers.parse("rate_limit.enabled", "true or false", faults);
    let wanted = "a number from 1";
    let streams: Option<NonZeroUsize> = layers.parse("rate_limit.streams", wanted, faults);
    let exports: Option<NonZeroUsize> = layers.parse("rate_limit.exports", wanted, faults);
    let writes: Option<NonZeroU32> = layers.parse("rate_limit.writes", wanted, faults);
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
    fn what_is_allowed_by_default_is_what_the_settings_say_and_nothing_is_not_allowed() {
        let mut layers = Layers::defaults();
        let mut faults = vec![];
        assert_eq!(
            read(&layers, &mut faults),
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
                let mut faults = vec![];
                assert_eq!(read(&layers, &mut faults), None);
                assert_eq!(faults, [format!("{name}: {text:?} is not a number from 1")]);
            }
        }
        layers.set("rate_limit.enabled", "false".to_owned(), Origin::Flag);
        assert_eq!(
            read(&layers, &mut faults),
            Some((false, PerPerson::default()))
        );
        assert_eq!(faults, Vec::<String>::new());
    }
}
