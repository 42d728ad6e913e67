package io.kontor.command;

import io.kontor.api.message.MessageMetadata;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.MessageDispatchInterceptor;

/** Stamps each command with its time, since aggregates have no clock. */
final class SentAt implements MessageDispatchInterceptor<CommandMessage<?>> {
  private final InstantSource clock;

  SentAt(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public BiFunction<Integer, CommandMessage<?>, CommandMessage<?>> handle(
      List<? extends CommandMessage<?>> commands) {
    return (index, command) ->
        command.getMetaData().containsKey(MessageMetadata.SENT_AT)
            ? command
            : command.andMetaData(Map.of(MessageMetadata.SENT_AT, clock.instant().toString()));
  }
}
