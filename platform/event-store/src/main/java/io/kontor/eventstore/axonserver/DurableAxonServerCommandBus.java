package io.kontor.eventstore.axonserver;

import io.kontor.eventstore.event.StoreBusyException;
import org.axonframework.axonserver.connector.command.AxonServerCommandBus;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;

/**
 * Commands by way of Axon Server. What a handler answers comes back as it was; where there is no
 * answer, nobody knows whether the command was handled, and it is said to be busy.
 */
final class DurableAxonServerCommandBus extends AxonServerCommandBus {
  DurableAxonServerCommandBus(AxonServerCommandBus.Builder settings) {
    super(settings);
  }

  @Override
  public <C, R> void dispatch(
      CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
    super.<C, R>dispatch(command, (sent, result) -> callback.onResult(sent, typed(result)));
  }

  private static <R> CommandResultMessage<? extends R> typed(
      CommandResultMessage<? extends R> result) {
    if (!result.isExceptional() || result.exceptionResult() instanceof CommandExecutionException) {
      return result;
    }
    return GenericCommandResultMessage.asCommandResultMessage(
        new StoreBusyException(
            "Axon Server brought no answer: " + result.exceptionResult().getMessage()));
  }
}
