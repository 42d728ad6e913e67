package io.kontor.tenancy.registry;

import io.kontor.database.pool.PoolShare;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of this module, to be imported. Needs the data sources. */
@Configuration(proxyBeanMethods = false)
public class TenancyConfiguration {

  /** A tenant's requests share its part of the connections. */
  @Bean
  static PoolShare tenantsShare() {
    return () -> TenantContext.find().map(TenantId::value).orElse(null);
  }

  @Bean
  TenantTransactions appTransactions(@Qualifier("appDataSource") DataSource app) {
    return new TenantTransactions(app);
  }

  @Bean
  TenantRegistry tenantRegistry(
      TenantTransactions appTransactions, @Qualifier("appDataSource") DataSource app) {
    return new TenantRegistry(appTransactions, app);
  }

  @Bean
  TenantDirectory tenantDirectory(@Qualifier("adminDataSource") DataSource admin) {
    return new TenantDirectory(admin);
  }
}
