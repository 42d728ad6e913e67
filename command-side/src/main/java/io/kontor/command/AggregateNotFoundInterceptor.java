package io.kontor.command;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import java.util.List;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.AggregateNotFoundException;

/** Answers commands to what does not exist with a rejection, like any other refusal. */
public final class AggregateNotFoundInterceptor
    implements MessageHandlerInterceptor<CommandMessage<?>> {
  private final String what;
  private final List<Class<?>> commands;

  /**
   * @param what as the rejection names it
   * @param commands the types of the commands to it
   */
  public AggregateNotFoundInterceptor(String what, Class<?>... commands) {
    this.what = what;
    this.commands = List.of(commands);
  }

  /** For all commands that go over the bus. */
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
