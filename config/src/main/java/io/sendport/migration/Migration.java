package io.sendport.migration;

import io.sendport.migration.biztalk.BizTalkImport;
import io.sendport.migration.source.SourceFile;
import io.sendport.migration.source.SourceReader;
import io.sendport.migration.source.UnreadableException;
import io.sendport.migration.ssis.SsisImport;
import io.sendport.migration.write.Imported;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Creates a configuration from files of another product. Starts nothing, and treats the files as data only. */
public final class Migration {

    private Migration() {}

    /**
     * Imports binding files of BizTalk.
     *
     * @param zone the local time zone of the server's operators, an IANA or Windows name
     * @throws UnreadableException when nothing can be imported from the files
     */
    public static Imported biztalk(List<Path> files, Optional<String> zone) throws UnreadableException {
        List<SourceFile> sources = new ArrayList<>();
        for (Path each : files) {
            sources.add(SourceReader.read(each, each.toString()));
        }
        return new BizTalkImport(zone).of(sources);
    }

    /**
     * Imports packages, connections and parameters of SSIS.
     *
     * @throws UnreadableException when nothing can be imported from the files
     */
    public static Imported ssis(List<Path> files) throws UnreadableException {
        return new SsisImport().of(files);
    }
}
