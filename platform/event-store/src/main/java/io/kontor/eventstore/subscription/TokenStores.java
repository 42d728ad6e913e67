package io.kontor.eventstore.subscription;

import io.kontor.eventstore.read.RewindGuard;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.jspecify.annotations.Nullable;

/** Token stores on the table {@code kontor.token}. */
public final class TokenStores {
  private TokenStores() {}

  /** A token store that joins the data source's current transaction, if there is one. */
  public static JdbcTokenStore store(DataSource worker, Serializer serializer) {
    return store(worker, serializer, null);
  }

  /**
   * A token store for subscriptions to this node's feed.
   *
   * @param guard of that feed
   */
  public static JdbcTokenStore store(
      DataSource worker, Serializer serializer, @Nullable RewindGuard guard) {
    // Process id and host name may be the same in two containers.
    String node = UUID.randomUUID().toString();
    return new NodeTokenStore(settings(worker, serializer).nodeId(node), node, guard);
  }

  /** Default settings, to be customized. */
  public static JdbcTokenStore.Builder settings(DataSource worker, Serializer serializer) {
    return JdbcTokenStore.builder()
        // Without Axon's wrapper, which would keep a unit of work's first connection to its end: a
        // transaction that begins after the first event would not have the token in it.
        .connectionProvider(new SpringDataSourceConnectionProvider(worker))
        .serializer(serializer)
        .contentType(String.class)
        .claimTimeout(TokenClaimSettings.LAPSE_AFTER)
        .schema(
            TokenSchema.builder()
                .setTokenTable("token")
                .setProcessorNameColumn("processor")
                .setTokenTypeColumn("token_type")
                .setTimestampColumn("claimed_at")
                .build());
  }
}
