package io.kontor.operations.apikey;

import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.web.security.VerifiedApiKeys;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** API keys in the database. */
@Profile("!cell")
@Configuration(proxyBeanMethods = false)
class ApiKeyConfiguration {
  @Bean
  ApiKeyStore apiKeyStore(
      TenantTransactions appTransactions, @Qualifier("appDataSource") DataSource app) {
    return new ApiKeyStore(appTransactions, app, InstantSource.system());
  }

  @Bean
  VerifiedApiKeys verifiedApiKeys(ApiKeyStore keys) {
    return new VerifiedApiKeys(keys, InstantSource.system());
  }
}
