package io.kontor.command.aggregate;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import java.util.List;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.AggregateNotFoundException;

/** Turns a missing aggregate into a rejection. */
public final class AggregateNotFoundInterceptor
    implements MessageHandlerInterceptor<CommandMessage<?>> {
  private final String what;
  private final List<Class<?>> commands;

  /**
   * @param what the name in the rejection
   * @param commands the command types to intercept
   */
  public AggregateNotFoundInterceptor(String what, Class<?>... commands) {
    this.what = what;
    this.commands = List.of(commands);
  }

  /** Registers it for all commands on the bus. */
  public ConfigurerModule onTheBus() {
    return configurer ->
        configurer.onInitialize(axon -> axon.commandBus().registerHandlerInterceptor(this));
  }

  @Override
  public Object handle(UnitOfWork<? extends CommandMessage<?>> unitOfWork, InterceptorChain chain)
      throws Exception {
    try {
      return chain.proceed();
    } catch (AggregateNotFoundException unknown) {
      Object command = unitOfWork.getMessage().getPayload();
      if (commands.stream().anyMatch(type -> type.isInstance(command))) {
        throw new RejectedException(new Rejection.Unknown(what));
      }
      throw unknown;
    }
  }
}
