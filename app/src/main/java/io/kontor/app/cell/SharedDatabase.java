package io.kontor.app.cell;

import io.kontor.projection.live.ReadModelPositions;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * The database that all tenants without one of their own share.
 *
 * @param app connections of the login that serves requests
 * @param worker connections of the login of event processors and jobs
 */
@Component
record SharedDatabase(
    @Qualifier("appDataSource") DataSource app,
    @Qualifier("workerDataSource") DataSource worker,
    ReadModelPositions readModels) {}
