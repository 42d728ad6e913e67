package io.kontor.operations.tenant;

import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The plans of tenants in the database. */
@Profile("!cell")
@Configuration(proxyBeanMethods = false)
class LimitPlanConfiguration {
  @Bean
  LimitPlanStore limitPlanStore(
      TenantTransactions appTransactions, @Qualifier("appDataSource") DataSource app) {
    return new LimitPlanStore(appTransactions, app, InstantSource.system());
  }
}
