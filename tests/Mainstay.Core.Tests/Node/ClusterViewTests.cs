using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Tests.Node;

public sealed class ClusterViewTests
{
    private static readonly GroupId Web = new("web");
    private static readonly StoreKey Key = new StoreKey.Ownership(Web);

    private static OwnershipRecord Owned(int epoch) => new(new Epoch(epoch), new OwnershipPhase.Free(), "test", []);

    [Fact]
    public void An_older_revision_never_replaces_a_newer_one()
    {
        var view = ClusterView.Empty.With(new StoreEntry(Key, Owned(2), 20)).With(new StoreEntry(Key, Owned(1), 10));
        Assert.Equal(2, view.Ownerships[Web].Value.Epoch.Number);
    }

    [Fact]
    public void What_cannot_be_read_is_there_and_replaces_what_was_known()
    {
        var view = ClusterView.Empty
            .With(new StoreEntry(Key, Owned(1), 10))
            .With(new StoreEntry(Key, new ForeignValue("schema 2"), 12));
        Assert.Empty(view.Ownerships);
        Assert.Equal("schema 2", view.Unreadable);
        Assert.Equal(12, view.RevisionOf(Key));

        Assert.Null(view.With(new StoreEntry(Key, Owned(2), 13)).Unreadable);
        Assert.Null(view.With(new StoreEntry(Key, null, 13)).Unreadable);
    }

    [Fact]
    public void A_loaded_value_that_cannot_be_read_does_not_hide_a_newer_one()
    {
        var view = ClusterView.Empty
            .With(new StoreEntry(Key, Owned(2), 20))
            .Reload([new StoreEntry(Key, new ForeignValue("schema 2"), 12)], 15);
        Assert.Equal(20, view.Ownerships[Web].ModRevision);
        Assert.Null(view.Unreadable);
    }

    [Fact]
    public void A_deleted_key_is_not_brought_back_by_a_late_watch_event()
    {
        var view = ClusterView.Empty
            .With(new StoreEntry(Key, Owned(1), 10))
            .With(new StoreEntry(Key, null, 12))
            .With(new StoreEntry(Key, Owned(1), 10));
        Assert.Empty(view.Ownerships);
    }

    [Fact]
    public void A_key_created_anew_after_its_deletion_is_seen()
    {
        var view = ClusterView.Empty
            .With(new StoreEntry(Key, Owned(1), 10))
            .With(new StoreEntry(Key, null, 12))
            .With(new StoreEntry(Key, Owned(1), 13));
        Assert.Equal(13, view.Ownerships[Web].ModRevision);
    }

    [Fact]
    public void A_reload_keeps_own_writes_that_are_newer_than_it_and_drops_what_is_gone()
    {
        var other = new GroupId("db");
        var view = ClusterView.Empty
            .With(new StoreEntry(Key, Owned(3), 30))
            .With(new StoreEntry(new StoreKey.Ownership(other), Owned(1), 5))
            .Reload([new StoreEntry(Key, Owned(2), 20)], 25);
        Assert.Equal(3, view.Ownerships[Web].Value.Epoch.Number);
        Assert.DoesNotContain(other, view.Ownerships.Keys);
        Assert.True(view.Loaded);
    }

    [Fact]
    public void An_absent_key_read_before_it_was_put_does_not_hide_it()
    {
        var view = ClusterView.Empty.With(new StoreEntry(Key, Owned(1), 10)).With(new StoreEntry(Key, null, 9));
        Assert.Single(view.Ownerships);
    }

    [Theory]
    [InlineData("cluster")]
    [InlineData("leader")]
    [InlineData("host/n1")]
    [InlineData("session/n1")]
    [InlineData("fence/n1/00000000000000ab")]
    [InlineData("group/web")]
    [InlineData("own/web")]
    [InlineData("load/n1")]
    [InlineData("decision/web")]
    [InlineData("keepers")]
    [InlineData("keeper/n1")]
    [InlineData("storage/san")]
    public void Key_text_round_trips(string text)
    {
        Assert.True(StoreKey.TryParse(text, out var key));
        Assert.Equal(text, key.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("fence/n1/xyz")]
    [InlineData("fence/n1/0000000000000000")]
    [InlineData("something/new")]
    public void Unknown_keys_are_refused(string text) => Assert.False(StoreKey.TryParse(text, out _));
}
