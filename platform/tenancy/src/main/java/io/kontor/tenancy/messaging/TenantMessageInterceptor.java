package io.kontor.tenancy.messaging;

import io.kontor.tenancy.NoTenantException;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * The tenant as message metadata: added on dispatch, and bound again on handling, on any thread or
 * node. A message without a tenant is rejected on both sides.
 */
public final class TenantMessageInterceptor
    implements MessageDispatchInterceptor<Message<?>>, MessageHandlerInterceptor<Message<?>> {
  /** The metadata key. */
  public static final String KEY = "tenant";

  @Override
  public BiFunction<Integer, Message<?>, Message<?>> handle(List<? extends Message<?>> messages) {
    Map<String, String> metadata = Map.of(KEY, TenantContext.current().value());
    return (index, message) -> message.andMetaData(metadata);
  }

  @Override
  public Object handle(UnitOfWork<? extends Message<?>> unitOfWork, InterceptorChain chain)
      throws Exception {
    return TenantContext.call(of(unitOfWork.getMessage()), chain::proceed);
  }

  /**
   * The tenant of {@code message}.
   *
   * @throws NoTenantException when the message has none
   */
  public static TenantId of(Message<?> message) {
    if (message.getMetaData().get(KEY) instanceof String tenant) {
      return new TenantId(tenant);
    }
    throw new NoTenantException();
  }
}
