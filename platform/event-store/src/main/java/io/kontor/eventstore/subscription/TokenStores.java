package io.kontor.eventstore.subscription;

import io.kontor.eventstore.append.RewindGuard;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;

/** How far event processors have come, in the table {@code kontor.token}. */
public final class TokenStores {
  private TokenStores() {}

  /** A store that takes part in the transaction of the data source, where there is one. */
  public static JdbcTokenStore store(DataSource worker, Serializer serializer) {
    return settings(worker, serializer).build();
  }

  /** The same, for the events of this node's feed. */
  public static JdbcTokenStore guarded(
      DataSource worker, Serializer serializer, RewindGuard guard) {
    return new GuardedTokens(settings(worker, serializer), guard);
  }

  /** The same, to be set otherwise. */
  public static JdbcTokenStore.Builder settings(DataSource worker, Serializer serializer) {
    return JdbcTokenStore.builder()
        .connectionProvider(
            new UnitOfWorkAwareConnectionProviderWrapper(
                new SpringDataSourceConnectionProvider(worker)))
        .serializer(serializer)
        .contentType(String.class)
        .claimTimeout(TokenClaimSettings.LAPSE_AFTER)
        // A process identifier and a host name may be the same in two containers.
        .nodeId(UUID.randomUUID().toString())
        .schema(
            TokenSchema.builder()
                .setTokenTable("kontor.token")
                .setProcessorNameColumn("processor")
                .setTokenTypeColumn("token_type")
                .setTimestampColumn("claimed_at")
                .build());
  }
}
