//! Timeouts of model providers.

use std::num::NonZeroU32;
use std::time::Duration;

use workers::Timeouts;

use super::layers::Layers;

pub fn read(layers: &Layers, errors: &mut Vec<String>) -> Option<Timeouts> {
    let mut seconds = |name| {
        let seconds: Option<NonZeroU32> =
            layers.parse(name, "a positive number of seconds", errors);
        seconds.map(|seconds| Duration::from_secs(u64::from(seconds.get())))
    };
    let (begin, begin_private) = (
        seconds("models.begin_seconds"),
        seconds("models.begin_seconds_private"),
    );
    let (idle, total) = (
        seconds("models.idle_seconds"),
        seconds("models.answer_seconds"),
    );
    Some(Timeouts {
        begin: begin?,
        begin_private: begin_private?,
        idle: idle?,
        total: total?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layers::Origin;

    #[test]
    fn the_defaults_are_those_of_the_workers_and_only_positive_numbers_are_accepted() {
        let mut errors = vec![];
        assert_eq!(
            read(&Layers::defaults(), &mut errors),
            Some(Timeouts::default())
        );
        for name in [
            "models.begin_seconds",
            "models.begin_seconds_private",
            "models.idle_seconds",
            "models.answer_seconds",
        ] {
            for text in ["0", "-1", "1.5", "soon", ""] {
                let mut layers = Layers::defaults();
                layers.set(name, text.to_owned(), Origin::Flag);
                let mut errors = vec![];
                assert_eq!(read(&layers, &mut errors), None);
                let error = format!("{name}: {text:?} is not a positive number of seconds");
                assert_eq!(errors, [error]);
            }
        }
    }
}
