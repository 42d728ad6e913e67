package io.kontor.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import io.kontor.api.message.Validation;
import io.kontor.command.account.AccountBookings;
import io.kontor.command.payment.PaymentRequester;
import io.kontor.job.queue.JobHandler;
import io.kontor.projection.write.ProjectionDatabase;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RestController;

/** Rules for dependencies between modules and packages. */
@AnalyzeClasses(packages = "io.kontor", importOptions = ImportOption.DoNotIncludeTests.class)
@ArchTag("fast")
class ArchitectureTest {
  private static final String API = "io.kontor.api..";
  private static final String COMMAND = "io.kontor.command..";
  private static final String PROJECTIONS = "io.kontor.projections..";
  private static final String QUERY = "io.kontor.query..";
  private static final String OPERATIONS = "io.kontor.operations..";
  private static final String SAGAS = "io.kontor.sagas..";
  private static final String NOTIFICATIONS = "io.kontor.notifications..";
  private static final String INTEGRATION = "io.kontor.integration..";
  private static final String CONSOLE = "io.kontor.console..";
  private static final String APP = "io.kontor.app..";
  private static final String[] PLATFORM = {
    "io.kontor.postgres..",
    "io.kontor.kafka..",
    "io.kontor.tenancy..",
    "io.kontor.cluster..",
    "io.kontor.job..",
    "io.kontor.lock..",
    "io.kontor.database..",
    "io.kontor.eventstore..",
    "io.kontor.projection..",
    "io.kontor.personaldata..",
    "io.kontor.web..",
    "io.kontor.limits..",
    "io.kontor.redis..",
    "io.kontor.cache..",
    "io.kontor.embeddedredis..",
    "io.kontor.httpclient.."
  };

  /** All packages of the command side decide, but those of HTTP. */
  private static final DescribedPredicate<JavaClass> DECIDE =
      resideInAPackage("io.kontor.command.*..")
          .and(not(resideInAnyPackage("io.kontor.command.http..", "io.kontor.command.*.web..")))
          .as("decide");

  /** Type names are unique; generated types are named after their table. */
  @ArchTest
  static void noTwoClassesShareAName(JavaClasses classes) {
    assertThat(
            classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getPackageName().contains(".tables"))
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(groupingBy(JavaClass::getSimpleName))
                .values())
        .allMatch(namesakes -> namesakes.size() == 1);
  }

  /** Generated table types refer to their schema and back. */
  @ArchTest
  static final ArchRule packagesFormNoCircle =
      slices()
          .matching("io.kontor.(**)")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(
              resideInAPackage("io.kontor..tables.."), resideInAPackage("io.kontor..tables.."));

  @ArchTest
  static final ArchRule onlyEventStoresAppend =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kontor.eventstore..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.kontor.eventstore.append..");

  @ArchTest
  static final ArchRule aggregatesDoNotDependOnEachOther =
      slices()
          .matching("io.kontor.command.(*)")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              resideInAPackage("io.kontor.command.."),
              resideInAPackage("io.kontor.command.aggregate"))
          // The execution of a standing order is one decision over several streams.
          .ignoreDependency(
              JavaClass.Predicates.simpleName("StandingOrderExecutionHandler"),
              JavaClass.Predicates.type(AccountBookings.class)
                  .or(JavaClass.Predicates.type(PaymentRequester.class)));

  @ArchTest
  static final ArchRule theApiDependsOnNoOtherModule =
      noClasses()
          .that()
          .resideInAPackage(API)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      COMMAND,
                      PROJECTIONS,
                      QUERY,
                      SAGAS,
                      INTEGRATION,
                      NOTIFICATIONS,
                      OPERATIONS,
                      CONSOLE,
                      APP)
                  .or(
                      resideInAnyPackage(
                          "org.springframework..", "java.sql..", "javax.sql..", "org.jooq..")));

  @ArchTest
  static final ArchRule thePlatformDependsOnNoBanking =
      noClasses()
          .that()
          .resideInAnyPackage(PLATFORM)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              COMMAND,
              PROJECTIONS,
              QUERY,
              SAGAS,
              INTEGRATION,
              NOTIFICATIONS,
              OPERATIONS,
              CONSOLE,
              APP,
              "io.kontor.api.account..");

  @ArchTest
  static final ArchRule theSimulatorDependsOnNothingOfTheBank =
      noClasses()
          .that()
          .resideInAPackage("io.kontor.simulator..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.kontor..")
                  .and(not(resideInAnyPackage("io.kontor.simulator.."))));

  @ArchTest
  static final ArchRule theCommandSideDependsOnNoReadSide =
      noClasses()
          .that()
          .resideInAPackage(COMMAND)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              PROJECTIONS, QUERY, SAGAS, INTEGRATION, NOTIFICATIONS, OPERATIONS, CONSOLE, APP);

  @ArchTest
  static final ArchRule theQuerySideDependsOnNeitherCommandsNorProcesses =
      noClasses()
          .that()
          .resideInAPackage(QUERY)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(COMMAND, SAGAS, INTEGRATION, NOTIFICATIONS, OPERATIONS, CONSOLE, APP);

  /** Of the query side it uses what all reads have in common. */
  @ArchTest
  static final ArchRule operationsDependOnNoFeature =
      noClasses()
          .that()
          .resideInAPackage(OPERATIONS)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(COMMAND, QUERY, SAGAS, INTEGRATION, NOTIFICATIONS, CONSOLE, APP)
                  .and(not(resideInAnyPackage("io.kontor.query.support"))));

  @ArchTest
  static final ArchRule notificationsDependOnMessagesAndOnWhatReadsHaveInCommon =
      noClasses()
          .that()
          .resideInAPackage(NOTIFICATIONS)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(COMMAND, QUERY, SAGAS, INTEGRATION, OPERATIONS, CONSOLE, APP)
                  .and(not(resideInAnyPackage("io.kontor.query.support"))));

  @ArchTest
  static final ArchRule processesDependOnMessagesOnly =
      noClasses()
          .that()
          .resideInAPackage(SAGAS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              COMMAND, PROJECTIONS, QUERY, INTEGRATION, NOTIFICATIONS, OPERATIONS, CONSOLE, APP);

  @ArchTest
  static final ArchRule integrationDependsOnMessagesOnly =
      noClasses()
          .that()
          .resideInAPackage(INTEGRATION)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              COMMAND, PROJECTIONS, QUERY, SAGAS, NOTIFICATIONS, OPERATIONS, CONSOLE, APP);

  @ArchTest
  static final ArchRule theConsoleIsAClientOfTheApi =
      noClasses()
          .that()
          .resideInAPackage(CONSOLE)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      COMMAND,
                      PROJECTIONS,
                      QUERY,
                      SAGAS,
                      INTEGRATION,
                      NOTIFICATIONS,
                      OPERATIONS,
                      APP)
                  .or(
                      resideInAnyPackage(
                          "org.axonframework..", "java.sql..", "javax.sql..", "org.jooq..")));

  @ArchTest
  static final ArchRule onlyTheConsoleMakesPages =
      noClasses()
          .that()
          .resideOutsideOfPackage(CONSOLE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.thymeleaf..", "org.springframework.security.oauth2.client..");

  @ArchTest
  static final ArchRule onlyIntegrationDependsOnKafka =
      noClasses()
          .that()
          .resideOutsideOfPackages(INTEGRATION, "io.kontor.kafka..", "io.kontor.benchmarks..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..", "org.springframework.kafka..", "io.cloudevents..");

  @ArchTest
  static final ArchRule onlyThePlatformsRedisDependsOnLettuce =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kontor.redis..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.lettuce..");

  @ArchTest
  static final ArchRule onlyThePlatformsLimitsDependOnBucket4j =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kontor.limits..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.github.bucket4j..");

  @ArchTest
  static final ArchRule thePublicContractDependsOnNoEvents =
      noClasses()
          .that()
          .resideInAPackage("io.kontor.api.integration..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.kontor..")
                  .and(not(resideInAnyPackage("io.kontor.api.integration..")))
                  .and(not(JavaClass.Predicates.type(Validation.class))));

  @ArchTest
  static final ArchRule projectionsDependOnMessagesOnly =
      noClasses()
          .that()
          .resideInAPackage(PROJECTIONS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              COMMAND, QUERY, SAGAS, INTEGRATION, NOTIFICATIONS, OPERATIONS, CONSOLE, APP);

  @ArchTest
  static final ArchRule onlyTheReadSideSeesItsTables =
      noClasses()
          .that()
          .resideOutsideOfPackages(PROJECTIONS, QUERY, OPERATIONS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.kontor.projections.tables..");

  @ArchTest
  static final ArchRule onlyTheEngineSeesItsTables =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kontor.projection..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.kontor.projection.tables..");

  @ArchTest
  static final ArchRule theEnginesPackagesFormNoCycle =
      slices().matching("io.kontor.projection.(*)..").should().beFreeOfCycles();

  /** Nor does the root depend on the packages below it. */
  @ArchTest
  static final ArchRule whatAProjectionIsMadeOfDependsOnNothingThatRunsIt =
      noClasses()
          .that()
          .resideInAPackage("io.kontor.projection")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.kontor.projection.*..");

  @ArchTest
  static final ArchRule decidingNeedsNoClockNoChanceAndNoDatabase =
      noClasses()
          .that(DECIDE)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.sql..", "javax.sql..", "org.jooq..", "java.util.random..")
                  .or(JavaClass.Predicates.belongToAnyOf(Clock.class, Random.class)))
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(UUID.class, "randomUUID");

  @ArchTest
  static final ArchRule nothingThatServesARequestAsksForTheWorkersPool =
      noCodeUnits()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(COMMAND, QUERY, OPERATIONS, "io.kontor.web..")
          .or()
          .areDeclaredInClassesThat()
          .areAnnotatedWith(RestController.class)
          .should(
              ArchCondition.from(
                  describe("ask for the worker's pool", unit -> asks(unit) && !makesJob(unit))));

  @ArchTest
  static final ArchRule nothingThatServesARequestHoldsTheWorkersPool =
      noFields()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(COMMAND, QUERY, OPERATIONS, "io.kontor.web..")
          .should(ArchCondition.from(describe("be the worker's pool", field -> isWorkers(field))));

  /** Nor transitively through a field, at any depth. */
  @ArchTest
  static final ArchRule nothingThatServesARequestReachesTheWorkersPool =
      noClasses()
          .that()
          .resideInAnyPackage(COMMAND, QUERY, OPERATIONS, "io.kontor.web..")
          .or()
          .areAnnotatedWith(RestController.class)
          .should(
              ArchCondition.from(
                  describe(
                      "hold what holds the worker's database",
                      type -> reachesWorker(type, new HashSet<>()))));

  private static boolean reachesWorker(JavaClass type, Set<JavaClass> seen) {
    return type.getAllFields().stream()
        .map(JavaField::getRawType)
        .filter(field -> field.getPackageName().startsWith("io.kontor"))
        .filter(seen::add)
        .anyMatch(
            field -> field.isEquivalentTo(ProjectionDatabase.class) || reachesWorker(field, seen));
  }

  /** A job serves no request. */
  private static boolean makesJob(JavaCodeUnit unit) {
    return unit.getRawReturnType().isAssignableTo(JobHandler.class);
  }

  private static boolean asks(JavaCodeUnit unit) {
    return isWorkers(unit) || unit.getParameters().stream().anyMatch(ArchitectureTest::isWorkers);
  }

  private static boolean isWorkers(HasAnnotations<?> element) {
    return element.isAnnotatedWith(Qualifier.class)
        && element.getAnnotationOfType(Qualifier.class).value().startsWith("worker");
  }
}
