package io.kontor.sagas.endofday;

import io.kontor.job.queue.JobQueue;
import io.kontor.lock.LeaseLock;
import io.kontor.sagas.command.SystemCommandSender;
import io.micrometer.core.instrument.binder.MeterBinder;
import javax.sql.DataSource;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The end of bank days, which uses the worker's connection pool. */
@Configuration(proxyBeanMethods = false)
public class EndOfDayConfiguration {

  @Bean
  EndOfDayStore endOfDayStore(@Qualifier("workerDataSource") DataSource worker) {
    return new EndOfDayStore(worker);
  }

  @Bean
  EndOfDayPolicy endOfDay(EndOfDayStore store, @Qualifier("workerJobQueue") JobQueue jobs) {
    return new EndOfDayPolicy(store, jobs);
  }

  @Bean
  EndOfDayJob endOfDayJob(
      EndOfDayStore store,
      QueryGateway queries,
      SystemCommandSender commands,
      LeaseLock locks,
      @Qualifier("workerJobQueue") JobQueue jobs) {
    return new EndOfDayJob(store, new EndOfDayRun(store, queries, commands), locks, jobs);
  }

  @Bean
  MeterBinder endOfDayMetrics(@Qualifier("workerDataSource") DataSource worker) {
    return new EndOfDayMetrics(worker);
  }
}
