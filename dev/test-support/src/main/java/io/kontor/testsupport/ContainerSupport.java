package io.kontor.testsupport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/**
 * Whether tests use containers: {@code KONTOR_TEST_CONTAINERS=true}, and an engine is available.
 */
public final class ContainerSupport {
  private static final Logger log = LoggerFactory.getLogger(ContainerSupport.class);

  private ContainerSupport() {}

  public static boolean areUsed() {
    return Asked.ONCE;
  }

  private static boolean ask() {
    if (!Boolean.parseBoolean(System.getenv("KONTOR_TEST_CONTAINERS"))) {
      return false;
    }
    boolean answers = DockerClientFactory.instance().isDockerAvailable();
    if (!answers) {
      log.warn("no Docker engine: tests go on without containers setting=KONTOR_TEST_CONTAINERS");
    }
    return answers;
  }

  /** Cached, because the check of an unavailable engine is slow. */
  private static final class Asked {
    static final boolean ONCE = ask();
  }
}
