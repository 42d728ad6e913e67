# syntax=docker/dockerfile:1
# Build from the repository's root: docker build -f docker/gateway.Dockerfile -t kontor-gateway .
FROM maven:3.9-eclipse-temurin-25 AS build
RUN useradd --create-home --uid 10001 kontor && install -d -o kontor -g kontor /source
USER kontor
WORKDIR /source
COPY --chown=kontor:kontor . .
RUN --mount=type=cache,target=/home/kontor/.m2,uid=10001,gid=10001 \
    mvn --batch-mode --no-transfer-progress --projects gateway --also-make -DskipTests package
RUN java -Djarmode=tools -jar gateway/target/kontor-gateway.jar extract --layers --destination layers

FROM eclipse-temurin:25-jre
RUN useradd --no-create-home --uid 10001 --shell /usr/sbin/nologin kontor
WORKDIR /kontor
COPY --chmod=0555 docker/healthy ./
COPY --chmod=0444 docker/java.options ./
COPY --from=build --chown=root:root /source/layers/dependencies/ ./
COPY --from=build --chown=root:root /source/layers/spring-boot-loader/ ./
COPY --from=build --chown=root:root /source/layers/snapshot-dependencies/ ./
COPY --from=build --chown=root:root /source/layers/application/ ./
USER kontor
ENV SERVER_PORT=8000
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --start-interval=1s --retries=3 \
  CMD ["/kontor/healthy"]
ENTRYPOINT ["java", \
  "@/kontor/java.options", \
  "-XX:MaxRAMPercentage=65", \
  "-XX:+ExitOnOutOfMemoryError", \
  "-jar", "/kontor/kontor-gateway.jar"]
