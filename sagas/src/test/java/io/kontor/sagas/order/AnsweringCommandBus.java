package io.kontor.sagas.order;

import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;

/** A command bus with one handler for all commands. */
final class AnsweringCommandBus extends SimpleCommandBus {
  private final Answers answers;

  /** The result of a command, or an exception. */
  interface Answers {
    Object of(Object command) throws Exception;
  }

  AnsweringCommandBus(Answers answers) {
    super(builder());
    this.answers = answers;
  }

  @Override
  protected <C, R> void doDispatch(
      CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
    handle(command, sent -> answers.of(sent.getPayload()), callback);
  }
}
