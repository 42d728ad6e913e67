package io.kontor.personal;

import io.kontor.notifications.NotificationListener;
import io.kontor.tenancy.jdbc.TenantTransactions;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Personal data as beans: import it. It needs {@link MasterKeys} and the two data sources. */
@Configuration(proxyBeanMethods = false)
public class PersonalDataConfiguration {

  @Bean
  SubjectKeys subjectKeys(
      TenantTransactions appTransactions,
      @Qualifier("appDataSource") DataSource app,
      MasterKeys masters) {
    return new SubjectKeys(appTransactions, app, masters);
  }

  @Bean(initMethod = "start", destroyMethod = "stop")
  NotificationListener goneKeys(
      @Qualifier("sessionsDataSource") DataSource sessions, SubjectKeys keys) {
    return GoneKeys.listener(sessions, keys);
  }

  @Bean
  PersonalData personalData(SubjectKeys keys) {
    return new PersonalData(keys);
  }
}
