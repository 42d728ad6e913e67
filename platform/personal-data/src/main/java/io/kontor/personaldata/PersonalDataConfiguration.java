package io.kontor.personaldata;

import io.kontor.notifications.PostgresNotificationListener;
import io.kontor.tenancy.jdbc.TenantTransactions;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of this module, to be imported. Needs {@link MasterKeys} and the two data sources. */
@Configuration(proxyBeanMethods = false)
public class PersonalDataConfiguration {

  @Bean
  SubjectKeyStore subjectKeys(
      TenantTransactions appTransactions,
      @Qualifier("appDataSource") DataSource app,
      MasterKeys masters) {
    return new SubjectKeyStore(appTransactions, app, masters);
  }

  @Bean(initMethod = "start", destroyMethod = "stop")
  PostgresNotificationListener goneKeys(
      @Qualifier("sessionsDataSource") DataSource sessions, SubjectKeyStore keys) {
    return KeyRevocationHandler.listener(sessions, keys);
  }

  @Bean
  PersonalDataService personalData(SubjectKeyStore keys) {
    return new PersonalDataService(keys);
  }
}
