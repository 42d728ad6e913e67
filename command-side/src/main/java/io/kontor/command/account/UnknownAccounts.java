package io.kontor.command.account;

import io.kontor.api.Rejected;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand;
import io.kontor.api.transfer.Transfer;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.AggregateNotFoundException;

/** Answers commands to accounts that do not exist with a rejection, like any other refusal. */
final class UnknownAccounts implements MessageHandlerInterceptor<CommandMessage<?>> {
  @Override
  public Object handle(UnitOfWork<? extends CommandMessage<?>> unitOfWork, InterceptorChain chain)
      throws Exception {
    try {
      return chain.proceed();
    } catch (AggregateNotFoundException unknown) {
      Object command = unitOfWork.getMessage().getPayload();
      if (command instanceof AccountCommand || command instanceof Transfer) {
        throw new Rejected(new Rejection.Unknown("account"));
      }
      throw unknown;
    }
  }
}
