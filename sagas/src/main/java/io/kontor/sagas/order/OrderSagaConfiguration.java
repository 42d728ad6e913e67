package io.kontor.sagas.order;

import io.kontor.eventstore.subscription.ProcessStart;
import io.kontor.eventstore.subscription.TokenClaimSettings;
import io.kontor.sagas.command.SystemCommandSender;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.opentelemetry.context.Context;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.axonframework.config.Configuration;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.SagaConfigurer;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.modelling.saga.AnnotatedSagaManager;
import org.axonframework.modelling.saga.SimpleResourceInjector;
import org.axonframework.modelling.saga.repository.AnnotatedSagaRepository;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The order saga, which uses the worker's connection pool. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OrderSagaProperties.class)
public class OrderSagaConfiguration {
  /**
   * Segments processed in parallel. Each mostly waits for the disk while it holds a worker
   * connection.
   */
  private static final int SEGMENTS = 4;

  private static final int BATCH_SIZE = 20;

  @Bean
  OrderStepGateway orderStepGateway(
      SystemCommandSender commands, DeadlineManager deadlines, OrderSagaProperties properties) {
    Executor threads =
        Context.taskWrapping(command -> Thread.ofVirtual().name("order-step").start(command));
    return new OrderStepGateway(commands, deadlines, InstantSource.system(), threads, properties);
  }

  /** A failed event is retried, not skipped: skipping would leave the order stuck. */
  @Bean
  ConfigurerModule orderSaga(
      @Qualifier("workerDataSource") DataSource worker,
      @Qualifier("serializer") Serializer serializer,
      ObjectProvider<OrderStepGateway> gateway) {
    var store = new OrderSagaStore(worker, serializer);
    var start = new ProcessStart(worker);
    return configurer ->
        configurer
            .eventProcessing()
            .registerSaga(OrderSaga.class, saga -> configure(saga, store, gateway))
            .registerTrackingEventProcessor(
                OrderSaga.PROCESSOR,
                axon -> axon.eventStore(),
                axon ->
                    TokenClaimSettings.sought(
                        TrackingEventProcessorConfiguration.forParallelProcessing(SEGMENTS)
                            .andBatchSize(BATCH_SIZE)
                            .andInitialTrackingToken(start.token())));
  }

  @Bean
  MeterBinder overdueOrderMetrics(@Qualifier("workerDataSource") DataSource worker) {
    return new OverdueOrderMetrics(worker);
  }

  private static void configure(
      SagaConfigurer<OrderSaga> saga,
      OrderSagaStore store,
      ObjectProvider<OrderStepGateway> gateway) {
    saga.configureSagaStore(axon -> store)
        .configureRepository(
            axon ->
                AnnotatedSagaRepository.<OrderSaga>builder()
                    .sagaType(OrderSaga.class)
                    .sagaStore(store)
                    .resourceInjector(new SimpleResourceInjector(gateway.getObject()))
                    .parameterResolverFactory(axon.parameterResolverFactory())
                    .handlerDefinition(axon.handlerDefinition(OrderSaga.class))
                    .build())
        .configureSagaManager(OrderSagaConfiguration::manager);
  }

  private static OrderSagaManager manager(Configuration axon) {
    return new OrderSagaManager(
        AnnotatedSagaManager.<OrderSaga>builder()
            .sagaType(OrderSaga.class)
            .sagaRepository(
                axon.eventProcessingConfiguration().sagaConfiguration(OrderSaga.class).repository())
            .parameterResolverFactory(axon.parameterResolverFactory())
            .handlerDefinition(axon.handlerDefinition(OrderSaga.class))
            .listenerInvocationErrorHandler(PropagatingErrorHandler.instance()));
  }
}
