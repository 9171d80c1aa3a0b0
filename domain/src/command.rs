//! Commands: what is asked of an aggregate, and the events that follow.

use cqrs_es::Aggregate;

/// The events that a command causes, or why it is refused.
pub type Decision<A> = Result<Vec<<A as Aggregate>::Event>, <A as Aggregate>::Error>;

/// A command to an aggregate.
pub trait Command<A: Aggregate>: Into<A::Command> + Send {
    fn decide(self, state: &A) -> Decision<A>;
}

/// Generates the enum of an aggregate's commands, which cqrs-es needs.
macro_rules! commands {
    ($name:ident for $aggregate:ident { $($command:ident),+ $(,)? }) => {
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name {
            $($command($command),)+
        }

        impl $crate::command::Command<$aggregate> for $name {
            fn decide(self, state: &$aggregate) -> $crate::command::Decision<$aggregate> {
                match self {
                    $(Self::$command(command) => command.decide(state),)+
                }
            }
        }

        $(impl From<$command> for $name {
            fn from(command: $command) -> Self {
                Self::$command(command)
            }
        })+
    };
}
pub(crate) use commands;

/// The part of `impl Aggregate` that is the same for all: a command decides, and its events are applied.
macro_rules! handle_commands {
    () => {
        type Services = ();

        async fn handle(
            &mut self,
            command: Self::Command,
            (): &(),
            sink: &cqrs_es::event_sink::EventSink<Self>,
        ) -> Result<(), Self::Error> {
            for event in $crate::command::Command::<Self>::decide(command, self)? {
                sink.write(event, self).await;
            }
            Ok(())
        }
    };
}
pub(crate) use handle_commands;

/// What an aggregate with these events decides.
#[cfg(test)]
pub(crate) fn decide<A: Aggregate<Services = ()>>(
    given: impl IntoIterator<Item = A::Event>,
    command: impl Command<A>,
) -> Decision<A> {
    cqrs_es::test::TestFramework::<A>::with(())
        .given(given.into_iter().collect())
        .when(command.into())
        .inspect_result()
}
