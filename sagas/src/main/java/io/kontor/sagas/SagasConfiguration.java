package io.kontor.sagas;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.kontor.sagas.holds.HoldExpiry;
import io.kontor.sagas.holds.ReleaseExpiredHold;
import io.kontor.sagas.housekeeping.OldAnswers;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.messaging.StreamableMessageSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** The processes, running on the worker's pool. */
@Configuration(proxyBeanMethods = false)
public class SagasConfiguration {

  /** Dates are set within the event processor's transaction. */
  @Bean
  HoldExpiry holdExpiry(@Qualifier("workerDataSource") DataSource worker) {
    return new HoldExpiry(
        SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(worker))
            .tableName(Schedule.TABLE)
            .build());
  }

  /** A date that can't be set now is set later: skipping the event would lose it. */
  @Bean
  ConfigurerModule holdExpiryIsRetried() {
    return configurer ->
        configurer
            .eventProcessing()
            .registerTrackingEventProcessor(
                HoldExpiry.PROCESSOR, axon -> axon.eventStore(), axon -> fromTheFirstEvent())
            .registerListenerInvocationErrorHandler(
                HoldExpiry.PROCESSOR, axon -> PropagatingErrorHandler.instance());
  }

  private static TrackingEventProcessorConfiguration fromTheFirstEvent() {
    return TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
        .andInitialTrackingToken(StreamableMessageSource::createTailToken);
  }

  @Bean
  Schedule schedule(@Qualifier("workerDataSource") DataSource worker, CommandBus commands) {
    return new Schedule(
        worker,
        List.of(ReleaseExpiredHold.task(commands)),
        List.of(OldAnswers.task(new NamedParameterJdbcTemplate(worker))));
  }
}
