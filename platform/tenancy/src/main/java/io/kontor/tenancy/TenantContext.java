package io.kontor.tenancy;

import java.util.Optional;

/**
 * The current tenant. It is bound for a dynamic scope and never assigned, so it can't leak to the
 * next user of a pooled thread.
 */
public final class TenantContext {
  private static final ScopedValue<TenantId> CURRENT = ScopedValue.newInstance();

  private TenantContext() {}

  /**
   * @throws NoTenantException when no tenant is bound
   */
  public static TenantId current() {
    return CURRENT.orElseThrow(NoTenantException::new);
  }

  public static Optional<TenantId> find() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /** Runs {@code work} for {@code tenant} and passes on its result or its exception. */
  public static <R, X extends Throwable> R call(
      TenantId tenant, ScopedValue.CallableOp<? extends R, X> work) throws X {
    return ScopedValue.where(CURRENT, tenant).<R, X>call(work);
  }

  /** Runs {@code work} for {@code tenant}. */
  public static void run(TenantId tenant, Runnable work) {
    ScopedValue.where(CURRENT, tenant).run(work);
  }
}
