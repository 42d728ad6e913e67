package io.kontor.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A repeated command succeeds and changes nothing, whatever happened to its aggregate since.
 *
 * @param <C> the aggregate's commands, a sealed interface
 * @param <E> the aggregate's events
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RepeatedCommandsTest<C, E> {
  private final Class<?> aggregate;
  private final Class<C> commands;
  private final Set<Class<? extends C>> recognizedByKey;

  /**
   * @param recognizedByKey commands without an id of their own: the idempotency record
   *     distinguishes a repetition from a new request
   */
  protected RepeatedCommandsTest(
      Class<?> aggregate, Class<C> commands, Set<Class<? extends C>> recognizedByKey) {
    this.aggregate = aggregate;
    this.commands = commands;
    this.recognizedByKey = recognizedByKey;
  }

  /**
   * A command that is repeated.
   *
   * @param history the command's events, and later ones
   */
  public record Case<C, E>(C command, List<? extends E> history) {}

  /** At least one case for each command that is not recognized by its key. */
  protected abstract Stream<Case<C, E>> cases();

  @ParameterizedTest
  @MethodSource("cases")
  void aRepetitionSucceedsWithoutEvents(Case<C, E> repeated) {
    new AggregateTestFixture<>(aggregate)
        .given(repeated.history())
        .when(repeated.command())
        .expectSuccessfulHandlerExecution()
        .expectNoEvents();
  }

  @Test
  void everyCommandHasACaseOrIsRecognizedByItsKey() {
    Set<Class<?>> covered = new HashSet<>(recognizedByKey);
    cases().forEach(repeated -> covered.add(repeated.command().getClass()));
    assertThat(covered).containsExactlyInAnyOrder(commands.getPermittedSubclasses());
  }
}
